package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.churn.ByteReads.Walk;
import io.timelog.benchmarks.engine.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * A table as one writes it on an ordered map of bytes: the order is key, timestamp, subkey; entries
 * of a multimap are told apart by their number of arrival. What concerns all keys goes from key to
 * key, skipping the entries between.
 */
final class CompositeTable implements ChurnEngine {
  private static final byte[] NO_SUBKEY = new byte[0];

  private final ByteMap map;
  private final boolean hasSubkeys;
  private long appended;

  CompositeTable(ByteMap map, TableShape shape) {
    this.map = map;
    this.hasSubkeys = shape.map();
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    byte[] sequence = new byte[Long.BYTES];
    Bytes.putLong(sequence, 0, appended++);
    map.put(CompositeKeys.of(key, timestamp, sequence), value);
  }

  @Override
  public void put(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    map.put(CompositeKeys.of(key, timestamp, subkey), value);
  }

  @Override
  public void remove(byte[] key, long timestamp, byte[] subkey) {
    map.remove(CompositeKeys.of(key, timestamp, subkey));
  }

  @Override
  public void removeRange(byte[] key, long start, long end) {
    map.removeRange(CompositeKeys.first(key, start), CompositeKeys.first(key, end));
  }

  @Override
  public void deleteRange(long start, long end) {
    List<byte[]> keys = new ArrayList<>();
    try (Walk walk = map.walk()) {
      boolean found = walk.seek(NO_SUBKEY);
      while (found) {
        byte[] composite = walk.key();
        keys.add(CompositeKeys.key(composite));
        found = walk.seek(CompositeKeys.nextKey(composite));
      }
    }
    for (byte[] key : keys) {
      removeRange(key, start, end);
    }
  }

  @Override
  public void deleteBefore(long cutoff) {
    if (cutoff > 0) {
      deleteRange(0, cutoff);
    }
  }

  @Override
  public long get(byte[] key, long timestamp, byte[] subkey) {
    byte[] value = map.get(CompositeKeys.of(key, timestamp, subkey));
    return value == null ? 0 : Sums.term(0, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    return scan(map, key, start, end);
  }

  private static long scan(ByteReads reads, byte[] key, long start, long end) {
    byte[] afterLast = CompositeKeys.first(key, end);
    long sum = 0;
    int position = 0;
    try (Walk walk = reads.walk()) {
      boolean found = walk.seek(CompositeKeys.first(key, start));
      while (found) {
        byte[] composite = walk.key();
        if (Arrays.compareUnsigned(composite, afterLast) >= 0) {
          break;
        }
        sum += Sums.term(position++, CompositeKeys.timestamp(composite), walk.value());
        found = walk.next();
      }
    }
    return sum;
  }

  @Override
  public long scanGroups(int first, int last) {
    long sum = 0;
    try (Walk walk = map.walk()) {
      boolean found = walk.seek(CompositeKeys.firstOfGroup(first));
      while (found) {
        byte[] composite = walk.key();
        if ((composite[0] & 0xFF) > last) {
          break;
        }
        sum += Sums.term(0, CompositeKeys.timestamp(composite), walk.value());
        found = walk.next();
      }
    }
    return sum;
  }

  @Override
  public long minTimestamp() {
    long min = Long.MAX_VALUE;
    try (Walk walk = map.walk()) {
      boolean found = walk.seek(NO_SUBKEY);
      while (found) {
        byte[] composite = walk.key();
        min = Math.min(min, CompositeKeys.timestamp(composite));
        found = walk.seek(CompositeKeys.nextKey(composite));
      }
    }
    return min == Long.MAX_VALUE ? -1 : min;
  }

  @Override
  public long maxTimestamp() {
    long max = -1;
    try (Walk walk = map.walk()) {
      boolean found = walk.seek(NO_SUBKEY);
      while (found) {
        byte[] nextKey = CompositeKeys.nextKey(walk.key());
        if (walk.seekBack(nextKey)) {
          max = Math.max(max, CompositeKeys.timestamp(walk.key()));
        }
        found = walk.seek(nextKey);
      }
    }
    return max;
  }

  @Override
  public View view() {
    ByteReads snapshot = map.snapshot();
    return new View() {
      @Override
      public long scan(byte[] key, long start, long end) {
        return CompositeTable.scan(snapshot, key, start, end);
      }

      @Override
      public void close() {
        snapshot.close();
      }
    };
  }

  @Override
  public void flush() {
    map.flush();
  }

  @Override
  public Contents contents() {
    Contents contents = Contents.NONE;
    try (Walk walk = map.walk()) {
      boolean found = walk.seek(NO_SUBKEY);
      while (found) {
        byte[] composite = walk.key();
        contents =
            contents.with(
                CompositeKeys.key(composite),
                CompositeKeys.timestamp(composite),
                hasSubkeys ? CompositeKeys.subkey(composite) : NO_SUBKEY,
                walk.value());
        found = walk.next();
      }
    }
    return contents;
  }

  @Override
  public OptionalLong accountedBytes() {
    return map.accountedBytes();
  }

  @Override
  public void close() {
    map.close();
  }
}
