package io.timelog.internal.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.StoreManifest;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FileLedgerTest {
  private static final UUID STORE = new UUID(1, 2);

  private final FileLedger ledger = new FileLedger();

  /** A manifest that names files. */
  private static StoreManifest manifest(long number, long... files) {
    List<PlacedSegment> places =
        Arrays.stream(files)
            .mapToObj(file -> new PlacedSegment(new FileId(STORE, file), file, 0))
            .toList();
    return new StoreManifest(
        number,
        number,
        null,
        100,
        0,
        0,
        0,
        new Manifest(STORE, 0, List.of()),
        places,
        List.of(),
        List.of());
  }

  private static StoreFile segments(long number) {
    return new StoreFile(Kind.SEGMENTS, number);
  }

  @Test
  void fileThatOnlyAManifestNames_isToldApart() {
    ledger.isLeft(manifest(1, 1, 2));
    ledger.hold(2);

    assertThat(ledger.onlyOfManifests()).containsExactly(segments(1));
  }

  @Test
  void fileThatWasMade_isUnnamed_untilAManifestNamesIt() {
    ledger.add(segments(2));
    ledger.add(segments(1));
    assertThat(ledger.unnamed()).containsExactly(segments(1), segments(2));

    ledger.mayBeLeft(manifest(1, 1));
    assertThat(ledger.unnamed()).containsExactly(segments(2));
    ledger.deleted(segments(2));
    assertThat(ledger.unnamed()).isEmpty();
  }

  @Test
  void filesOfBothManifests_areNamed_whileACrashMayLeaveEither() {
    ledger.isLeft(manifest(1, 1, 2));
    assertThat(ledger.isInDoubt()).isFalse();

    ledger.mayBeLeft(manifest(2, 2, 3));
    assertThat(ledger.isInDoubt()).isTrue();
    assertThat(ledger.unnamed()).isEmpty();

    ledger.isLeft(manifest(3, 3, 4));
    assertThat(ledger.isInDoubt()).isFalse();
    assertThat(ledger.unnamed()).containsExactly(segments(1), segments(2));
  }

  @Test
  void fileOfAnOpenSegment_isNamed_untilTheLastIsClosed() {
    ledger.isLeft(manifest(1, 1));
    ledger.hold(1);
    ledger.hold(1);
    ledger.isLeft(manifest(2));

    ledger.release(1);
    assertThat(ledger.unnamed()).isEmpty();
    ledger.release(1);
    assertThat(ledger.unnamed()).containsExactly(segments(1));
  }
}
