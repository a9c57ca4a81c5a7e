package io.timelog.benchmarks.engine;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * One {@link ConcurrentSkipListMap} ordered by key, timestamp and arrival: what one writes when
 * others read while one thread appends. Time is the inner dimension, so eviction walks everything.
 */
final class SkipListEngine implements KeyedEngine {
  private final NavigableMap<Position, byte[]> entries = new ConcurrentSkipListMap<>();
  private long appended;
  private long scannedEntries;

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    entries.put(new Position(key, timestamp, appended++), value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    long sum = 0;
    int position = 0;
    for (Map.Entry<Position, byte[]> entry :
        entries
            .subMap(new Position(key, start, 0), true, new Position(key, end, 0), false)
            .entrySet()) {
      sum +=
          Checksum.term(position++, entry.getKey().timestamp, Bytes.getLong(entry.getValue(), 0));
    }
    scannedEntries += position;
    return sum;
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void evictBefore(long cutoff) {
    for (Iterator<Position> positions = entries.keySet().iterator(); positions.hasNext(); ) {
      if (positions.next().timestamp < cutoff) {
        positions.remove();
      }
    }
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {}

  /** Where an entry belongs. */
  private static final class Position implements Comparable<Position> {
    private final byte[] key;
    private final long timestamp;
    private final long sequence;

    Position(byte[] key, long timestamp, long sequence) {
      this.key = key;
      this.timestamp = timestamp;
      this.sequence = sequence;
    }

    @Override
    public int compareTo(Position other) {
      int order = Arrays.compareUnsigned(key, other.key);
      if (order == 0) {
        order = Long.compare(timestamp, other.timestamp);
      }
      return order == 0 ? Long.compare(sequence, other.sequence) : order;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Position position && compareTo(position) == 0;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(sequence);
    }
  }
}
