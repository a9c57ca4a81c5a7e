package io.timelog.summary;

import io.timelog.Codec;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Count, sum, smallest and largest of a number that values have. Belongs to whoever asked. */
public final class DoubleSummary {
  private long count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  private DoubleSummary() {}

  /** Summarizes a number of each value. */
  public static <V> Summarizer<V, DoubleSummary> of(ToDoubleFunction<? super V> number) {
    return new OfNumbers<>(number);
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  /** The sum; 0 of none. Its last bits may differ from those of a sum in the order of time. */
  public double sum() {
    return sum;
  }

  /** The smallest; empty of none, NaN if one of them is. */
  public OptionalDouble min() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(min);
  }

  /** The largest; empty of none, NaN if one of them is. */
  public OptionalDouble max() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(max);
  }

  /** The mean; empty of none. */
  public OptionalDouble average() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  private void add(double number) {
    count++;
    sum += number;
    min = Math.min(min, number);
    max = Math.max(max, number);
  }

  private void add(DoubleSummary other) {
    count += other.count;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleSummary summary
        && summary.count == count
        && Double.compare(summary.sum, sum) == 0
        && Double.compare(summary.min, min) == 0
        && Double.compare(summary.max, max) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(count) + Double.hashCode(sum);
  }

  @Override
  public String toString() {
    return count == 0
        ? "DoubleSummary[count=0]"
        : "DoubleSummary[count=" + count + ", sum=" + sum + ", min=" + min + ", max=" + max + "]";
  }

  private record OfNumbers<V>(ToDoubleFunction<? super V> number)
      implements Summarizer<V, DoubleSummary> {
    @Override
    public DoubleSummary none() {
      return new DoubleSummary();
    }

    @Override
    public DoubleSummary add(DoubleSummary summary, long timestamp, V value) {
      summary.add(number.applyAsDouble(value));
      return summary;
    }

    @Override
    public DoubleSummary merge(DoubleSummary earlier, DoubleSummary later) {
      earlier.add(later);
      return earlier;
    }

    @Override
    public Codec<DoubleSummary> codec() {
      return Bytes.INSTANCE;
    }
  }

  /** Count, sum, smallest and largest, of 8 bytes each. */
  private enum Bytes implements Codec<DoubleSummary> {
    INSTANCE;

    @Override
    public int size(DoubleSummary summary) {
      return Long.BYTES + 3 * Double.BYTES;
    }

    @Override
    public void write(DoubleSummary summary, ByteBuffer target) {
      target.putLong(summary.count).putDouble(summary.sum);
      target.putDouble(summary.min).putDouble(summary.max);
    }

    @Override
    public DoubleSummary read(ByteBuffer source) {
      DoubleSummary summary = new DoubleSummary();
      summary.count = source.getLong();
      summary.sum = source.getDouble();
      summary.min = source.getDouble();
      summary.max = source.getDouble();
      return summary;
    }
  }
}
