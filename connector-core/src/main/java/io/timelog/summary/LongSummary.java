package io.timelog.summary;

import io.timelog.Codec;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** Count, sum, smallest and largest of a number that values have. Belongs to whoever asked. */
public final class LongSummary {
  private long count;
  private long sum;
  private long min = Long.MAX_VALUE;
  private long max = Long.MIN_VALUE;

  private LongSummary() {}

  /** Summarizes a number of each value. */
  public static <V> Summarizer<V, LongSummary> of(ToLongFunction<? super V> number) {
    return new OfNumbers<>(number);
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  /** The sum; 0 of none. Wraps around as {@code +} does where it exceeds a {@code long}. */
  public long sum() {
    return sum;
  }

  /** The smallest; empty of none. */
  public OptionalLong min() {
    return count == 0 ? OptionalLong.empty() : OptionalLong.of(min);
  }

  /** The largest; empty of none. */
  public OptionalLong max() {
    return count == 0 ? OptionalLong.empty() : OptionalLong.of(max);
  }

  /** The mean; empty of none. */
  public OptionalDouble average() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) sum / count);
  }

  private void add(long number) {
    count++;
    sum += number;
    min = Math.min(min, number);
    max = Math.max(max, number);
  }

  private void add(LongSummary other) {
    count += other.count;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LongSummary summary
        && summary.count == count
        && summary.sum == sum
        && summary.min == min
        && summary.max == max;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(31 * count + sum);
  }

  @Override
  public String toString() {
    return count == 0
        ? "LongSummary[count=0]"
        : "LongSummary[count=" + count + ", sum=" + sum + ", min=" + min + ", max=" + max + "]";
  }

  private record OfNumbers<V>(ToLongFunction<? super V> number)
      implements Summarizer<V, LongSummary> {
    @Override
    public LongSummary none() {
      return new LongSummary();
    }

    @Override
    public LongSummary add(LongSummary summary, long timestamp, V value) {
      summary.add(number.applyAsLong(value));
      return summary;
    }

    @Override
    public LongSummary merge(LongSummary earlier, LongSummary later) {
      earlier.add(later);
      return earlier;
    }

    @Override
    public Codec<LongSummary> codec() {
      return Bytes.INSTANCE;
    }
  }

  /** Count, sum, smallest and largest, of 8 bytes each. */
  private enum Bytes implements Codec<LongSummary> {
    INSTANCE;

    @Override
    public int size(LongSummary summary) {
      return 4 * Long.BYTES;
    }

    @Override
    public void write(LongSummary summary, ByteBuffer target) {
      target.putLong(summary.count).putLong(summary.sum);
      target.putLong(summary.min).putLong(summary.max);
    }

    @Override
    public LongSummary read(ByteBuffer source) {
      LongSummary summary = new LongSummary();
      summary.count = source.getLong();
      summary.sum = source.getLong();
      summary.min = source.getLong();
      summary.max = source.getLong();
      return summary;
    }
  }
}
