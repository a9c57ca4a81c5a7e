package io.timelog.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.tombstone.Tombstone;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ManifestFormatTest {
  static final UUID STORE = new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L);

  static final Manifest MANIFEST =
      new Manifest(
          STORE,
          7,
          List.of(
              new TableEntry(
                  3,
                  new TableShape(
                      "clicks",
                      Rule.MULTIMAP,
                      LateEntries.REFUSE,
                      KeyGroups.FIRST_TWO_BYTES,
                      WindowIndex.KEY_AND_TIME,
                      new GridShape(GridKind.DECLARED, 100, 5)),
                  300,
                  300,
                  List.of(new Tombstone(400, 419, 3)),
                  List.of(
                      new WindowEntry(
                          305,
                          404,
                          List.of(
                              new SourceEntry(
                                  true,
                                  4,
                                  RangeReach.NO_RANGES,
                                  List.of(
                                      new SegmentEntry(
                                          new FileId(STORE, 9), 4096, 0x0A0B0C0D, 0, 63, 305, 399),
                                      new SegmentEntry(
                                          new FileId(STORE, 10), 512, 1, 64, 127, 310, 404))),
                              new SourceEntry(
                                  false,
                                  5,
                                  50,
                                  List.of(
                                      new SegmentEntry(
                                          new FileId(STORE, 12), 600, 2, 7, 7, 320, 330))))))),
              new TableEntry(
                  5,
                  new TableShape(
                      "s\u00FC\u00DF",
                      Rule.MAP,
                      LateEntries.ACCEPT,
                      KeyGroups.NONE,
                      WindowIndex.KEY,
                      new GridShape(GridKind.UNBOUNDED, 1, 0)),
                  Long.MIN_VALUE,
                  Long.MIN_VALUE,
                  List.of(),
                  List.of())));

  @Test
  void manifest_isWrittenAsReleased() {
    GoldenBytes.assertGolden("v1/manifest.hex", ByteBuffer.wrap(ManifestFormat.encode(MANIFEST)));
  }

  @Test
  void manifest_isReadAsReleased() {
    assertThat(ManifestFormat.decode(GoldenBytes.read("v1/manifest.hex"), "golden"))
        .isEqualTo(MANIFEST);
  }

  @Test
  void nameOfAFile_isReadBack() {
    FileId file = new FileId(STORE, 0xABCL);
    assertThat(file.name()).isEqualTo("112233445566778899aabbccddeeff00-0000000000000abc.seg");
    assertThat(FileId.parse(file.name())).isEqualTo(file);
    for (String other :
        new String[] {
          "", "x", file.name() + "x", file.name().replace('a', 'g'), file.name().replace('-', '_')
        }) {
      assertThat(FileId.parse(other)).as(other).isNull();
    }
    assertThat(FileId.parse(file.name().replace('a', 'A'))).isNull();
  }
}
