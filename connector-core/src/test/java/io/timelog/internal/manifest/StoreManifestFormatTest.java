package io.timelog.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StoreManifestFormatTest {
  private static final String FILE = "v1/store-manifest.hex";
  private static final String OF_COMPRESSED = "v1/store-manifest-of-compressed.hex";
  private static final FileId SEGMENT = new FileId(ManifestFormatTest.STORE, 9);
  private static final StoreManifest MANIFEST =
      manifest(
          CommitToken.of("tok".getBytes(StandardCharsets.US_ASCII)),
          List.of(
              new PlacedSegment(SEGMENT, 11, 0),
              new PlacedSegment(new FileId(ManifestFormatTest.STORE, 10), 13, 0),
              new PlacedSegment(new FileId(ManifestFormatTest.STORE, 12), 13, 512)));

  /** As {@link #MANIFEST}, but some segments are compressed where they lie. */
  private static final StoreManifest WITH_COMPRESSED =
      manifest(
          MANIFEST.token(),
          List.of(
              new PlacedSegment(SEGMENT, 11, 0, 0x900),
              MANIFEST.places().get(1),
              new PlacedSegment(new FileId(ManifestFormatTest.STORE, 12), 13, 512, 0x123)));

  private static StoreManifest manifest(@Nullable CommitToken token, List<PlacedSegment> places) {
    return new StoreManifest(
        6,
        40,
        token,
        14,
        30,
        77,
        6,
        ManifestFormatTest.MANIFEST,
        places,
        List.of(new FlushedWindow(3, 305, 22)),
        List.of(new LogEntry(8, 4000), new LogEntry(12, LogEntry.OPEN)));
  }

  @Test
  void manifest_isWrittenAsReleased() {
    GoldenBytes.assertGolden(FILE, ByteBuffer.wrap(StoreManifestFormat.encode(MANIFEST)));
  }

  @Test
  void manifest_isReadAsReleased() {
    assertThat(StoreManifestFormat.decode(GoldenBytes.read(FILE), "golden")).isEqualTo(MANIFEST);
  }

  @Test
  void manifestOfCompressedSegments_isWrittenAndReadAsReleased() {
    GoldenBytes.assertGolden(
        OF_COMPRESSED, ByteBuffer.wrap(StoreManifestFormat.encode(WITH_COMPRESSED)));
    assertThat(StoreManifestFormat.decode(GoldenBytes.read(OF_COMPRESSED), "golden"))
        .isEqualTo(WITH_COMPRESSED);
  }

  @Test
  void newerManifest_isNoDamage() {
    byte[] bytes = StoreManifestFormat.encode(MANIFEST);
    bytes[16] = 3;
    ByteBuffer manifest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    manifest.putInt(12, Checksum.of(manifest, 16, bytes.length - 16));

    assertThatThrownBy(() -> StoreManifestFormat.decode(bytes, "m"))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Manifest has a format that this build does not read, use a newer version of Timelog:"
                + " formatVersion=3, known=2, source=m@16");
  }

  @Test
  void missingToken_isNotAnEmptyOne() {
    for (CommitToken token : new CommitToken[] {null, CommitToken.of(new byte[0])}) {
      StoreManifest manifest = manifest(token, MANIFEST.places());

      assertThat(StoreManifestFormat.decode(StoreManifestFormat.encode(manifest), "m"))
          .isEqualTo(manifest);
    }
  }

  @Test
  void tokenThatIsTooLong_isRefused() {
    assertThat(CommitToken.of(new byte[CommitToken.MAX_BYTES]).length()).isEqualTo(65_536);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommitToken.of(new byte[CommitToken.MAX_BYTES + 1]))
        .withMessage("A commit token is too long: length=65537, max=65536");
  }

  @Test
  void segmentWithoutAPlace_orWithTwo_isReported() {
    for (List<PlacedSegment> places :
        List.of(
            List.<PlacedSegment>of(),
            MANIFEST.places().subList(1, 3),
            List.of(MANIFEST.places().get(0), MANIFEST.places().get(0)),
            List.of(
                MANIFEST.places().get(0),
                MANIFEST.places().get(1),
                new PlacedSegment(new FileId(ManifestFormatTest.STORE, 99), 1, 0)))) {
      byte[] bytes = StoreManifestFormat.encode(manifest(null, places));

      assertThatThrownBy(() -> StoreManifestFormat.decode(bytes, "m"))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessageStartingWith("Manifest does not say once where each segment lies, source=m@");
    }
  }

  @Test
  void fileThatWasNeverNumbered_isReported() {
    byte[] bytes =
        StoreManifestFormat.encode(
            manifest(
                null,
                List.of(
                    new PlacedSegment(SEGMENT, 14, 0),
                    MANIFEST.places().get(1),
                    MANIFEST.places().get(2))));

    assertThatThrownBy(() -> StoreManifestFormat.decode(bytes, "m"))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith("Place of a segment in a manifest is out of bounds: ");
  }

  @Test
  void absurdNumbersWithARightChecksum_areReported_orMakeAnotherManifest() {
    byte[] good = StoreManifestFormat.encode(WITH_COMPRESSED);
    for (int at = 18; at < good.length; at++) {
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) value;
        ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(12, Checksum.of(bytes, 16, damaged.length - 16));

        Throwable thrown = catchThrowable(() -> StoreManifestFormat.decode(damaged, "m"));

        if (thrown != null) {
          assertThat(thrown)
              .as("byte %s set to %s", at, value)
              .isInstanceOf(TimelogCorruptionException.class);
        }
      }
    }
  }

  @Test
  void everyFlippedBit_andEveryTruncation_isReported() {
    byte[] good = StoreManifestFormat.encode(MANIFEST);
    for (int bit = 0; bit < Byte.SIZE * good.length; bit++) {
      byte[] damaged = good.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> StoreManifestFormat.decode(damaged, "m"))
          .as("bit %s", bit)
          .isInstanceOf(TimelogCorruptionException.class);
    }
    for (int length = 0; length < good.length; length++) {
      byte[] damaged = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> StoreManifestFormat.decode(damaged, "m"))
          .as("length %s", length)
          .isInstanceOf(TimelogCorruptionException.class);
    }
  }
}
