package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowCodecTest {
  private static final int STRIDE = 24;
  private static final int START = 40;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void seek_findsTheFirstRowNotBeforeATime(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      long width = 1L << random.nextInt(1, 40);
      long first = random.nextLong(-width, width);
      RowCodec rows = new RowCodec(first, first + width - 1);
      long[] times =
          LongStream.generate(() -> first + unevenly(random, width))
              .limit(random.nextInt(1, 300))
              .sorted()
              .toArray();
      ByteBuffer buffer = written(rows, times);
      for (int probe = 0; probe < 20; probe++) {
        long time =
            random.nextBoolean()
                ? times[random.nextInt(times.length)] + random.nextInt(-1, 2)
                : first + random.nextLong(width);
        assertThat(found(rows, buffer, times.length, time))
            .as("%d in %s", time, Arrays.toString(times))
            .isEqualTo(firstNotBefore(times, time));
      }
    }
  }

  @Test
  void seek_findsRowsInAWindowOfAllTime() {
    RowCodec rows = new RowCodec(Long.MIN_VALUE, Long.MAX_VALUE);
    long[] times = {Long.MIN_VALUE, -5, -5, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE};
    ByteBuffer buffer = written(rows, times);
    for (long time : new long[] {Long.MIN_VALUE, -6, -5, -4, 0, 1, 2, Long.MAX_VALUE}) {
      assertThat(found(rows, buffer, times.length, time))
          .as("%d", time)
          .isEqualTo(firstNotBefore(times, time));
    }
  }

  /** Half of the times crowd at the start of the window, where an even pace would not have them. */
  private static long unevenly(Random random, long width) {
    return random.nextBoolean() ? random.nextLong(width) : random.nextLong(1 + width / 64);
  }

  private static ByteBuffer written(RowCodec rows, long[] times) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(START + times.length * STRIDE).order(ByteOrder.LITTLE_ENDIAN);
    byte[] value = new byte[STRIDE - rows.timestampBytes() - 1];
    PendingRow row = new PendingRow();
    for (int i = 0; i < times.length; i++) {
      row.entry(times[i], value, 0, value.length);
      rows.write(row, buffer, START + i * STRIDE);
    }
    return buffer;
  }

  private static int found(RowCodec rows, ByteBuffer buffer, int count, long time) {
    return (rows.seek(buffer, START, START + count * STRIDE, STRIDE, time) - START) / STRIDE;
  }

  private static int firstNotBefore(long[] times, long time) {
    int place = 0;
    while (place < times.length && times[place] < time) {
      place++;
    }
    return place;
  }
}
