package io.timelog.summary;

import io.timelog.Codec;
import java.nio.ByteBuffer;

/**
 * What is only the same for the same entries in the same order: as a summary it shows an entry that
 * is missing, counted twice, stale, or in the wrong place.
 *
 * @param count of entries
 * @param hash a polynomial of them
 * @param power of the polynomial's base, to the number of entries
 */
record Sequence(long count, long hash, long power) {
  private static final long BASE = 0x9E3779B97F4A7C15L;

  static final Sequence NONE = new Sequence(0, 0, 1);

  Sequence with(long timestamp, long value) {
    long entry = Long.rotateLeft(timestamp * 0xBF58476D1CE4E5B9L, 31) + value;
    return new Sequence(count + 1, hash * BASE + entry, power * BASE);
  }

  private Sequence with(Sequence later) {
    return new Sequence(count + later.count, hash * later.power + later.hash, power * later.power);
  }

  static Summarizer<Long, Sequence> summarizer() {
    return summarizer(new Bytes());
  }

  static Summarizer<Long, Sequence> summarizer(Codec<Sequence> codec) {
    return new OfLongs(codec);
  }

  private record OfLongs(Codec<Sequence> codec) implements Summarizer<Long, Sequence> {
    @Override
    public Sequence none() {
      return NONE;
    }

    @Override
    public Sequence add(Sequence summary, long timestamp, Long value) {
      return summary.with(timestamp, value);
    }

    @Override
    public Sequence merge(Sequence earlier, Sequence later) {
      return earlier.with(later);
    }
  }

  /** Three longs. */
  static final class Bytes implements Codec<Sequence> {
    @Override
    public int size(Sequence sequence) {
      return 3 * Long.BYTES;
    }

    @Override
    public void write(Sequence sequence, ByteBuffer target) {
      target.putLong(sequence.count).putLong(sequence.hash).putLong(sequence.power);
    }

    @Override
    public Sequence read(ByteBuffer source) {
      return new Sequence(source.getLong(), source.getLong(), source.getLong());
    }
  }
}
