package io.timelog.internal.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.RunCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was released is written and read for ever. */
final class CompressedFormatTest {
  private static final String GOLDEN = "v1/compressed-segment.hex";
  private static final RunCodec CODEC = new RunCodec("runs");
  private static final long[] PAGE_ENDS = {8, 32, 40, 340};

  private static byte[] segment() {
    byte[] segment = new byte[344];
    for (int i = 0; i < 8; i++) {
      segment[i] = (byte) (i + 1);
      segment[32 + i] = (byte) (9 - i);
    }
    Arrays.fill(segment, 8, 32, (byte) 'a');
    for (int i = 0; i < 4; i++) {
      segment[340 + i] = (byte) "back".charAt(i);
    }
    return segment;
  }

  @Test
  void segment_isWrittenAsReleased() throws IOException {
    byte[] segment = segment();
    RecordingDisk disk = new RecordingDisk();
    try (AppendFile file = disk.create("f")) {
      new CompressedOutput(CODEC)
          .write(
              (offset, target) -> target.put(segment, (int) offset, target.remaining()),
              segment.length,
              PAGE_ENDS,
              file);
    }

    GoldenBytes.assertGolden(
        GOLDEN, ByteBuffer.wrap(Objects.requireNonNull(disk.files().get("f"))));
  }

  @Test
  void segment_isReadAsReleased() {
    byte[] golden = GoldenBytes.read(GOLDEN);
    byte[] read = new byte[344];

    new StoredPlace(
            "golden",
            0,
            golden.length,
            (offset, target) -> target.put(golden, (int) offset, target.remaining()))
        .open(read.length, new PageCodecs(null, List.of(CODEC)), new LentMemory())
        .read(0, ByteBuffer.wrap(read));

    assertThat(read).isEqualTo(segment());
  }
}
