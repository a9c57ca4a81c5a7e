package io.timelog.flink.state;

import io.timelog.Codec;
import io.timelog.summary.Summarizer;
import java.nio.ByteBuffer;

/**
 * What is only the same for the same values at the same times in the same order.
 *
 * @param count of values
 * @param hash a polynomial of them
 * @param power of the polynomial's base, to the number of values
 */
record ValueTrace(long count, long hash, long power) {
  private static final long BASE = 0x9E3779B97F4A7C15L;

  static final ValueTrace NONE = new ValueTrace(0, 0, 1);

  static final RangeSummary<String, ValueTrace, ValueTrace> SUMMARY =
      RangeSummary.of(new OfStrings());

  ValueTrace with(long timestamp, String value) {
    long entry = Long.rotateLeft(timestamp * 0xBF58476D1CE4E5B9L, 31) + value.hashCode();
    return new ValueTrace(count + 1, hash * BASE + entry, power * BASE);
  }

  private static final class OfStrings
      implements Summarizer<String, ValueTrace>, Codec<ValueTrace> {
    @Override
    public ValueTrace none() {
      return NONE;
    }

    @Override
    public ValueTrace add(ValueTrace summary, long timestamp, String value) {
      return summary.with(timestamp, value);
    }

    @Override
    public ValueTrace merge(ValueTrace earlier, ValueTrace later) {
      return new ValueTrace(
          earlier.count + later.count,
          earlier.hash * later.power + later.hash,
          earlier.power * later.power);
    }

    @Override
    public Codec<ValueTrace> codec() {
      return this;
    }

    @Override
    public int size(ValueTrace trace) {
      return 3 * Long.BYTES;
    }

    @Override
    public void write(ValueTrace trace, ByteBuffer target) {
      target.putLong(trace.count).putLong(trace.hash).putLong(trace.power);
    }

    @Override
    public ValueTrace read(ByteBuffer source) {
      return new ValueTrace(source.getLong(), source.getLong(), source.getLong());
    }
  }
}
