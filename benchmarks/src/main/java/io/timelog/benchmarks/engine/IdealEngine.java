package io.timelog.benchmarks.engine;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The bound: an open-addressing hash table of primitive keys, and one ring of growable primitive
 * arrays per key. It can do this benchmark and nothing else: eight-byte keys, values of one length,
 * no snapshots, no other reader, no order over all keys, no way to disk; a key that fell silent
 * keeps its memory for ever, because eviction only notes the cutoff and the next append of a key
 * trims it.
 */
final class IdealEngine implements KeyedEngine {
  private static final int FIRST_SLOTS = 1 << 10;

  private final int valueBytes;
  private long[] keys = new long[FIRST_SLOTS];
  private @Nullable Ring[] rings = new @Nullable Ring[FIRST_SLOTS];
  private int keyCount;
  private long floor = Long.MIN_VALUE;
  private long scannedEntries;

  IdealEngine(EngineSettings settings) {
    this.valueBytes = settings.valueBytes();
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    long word = Bytes.getLong(key, 0);
    int slot = slot(word);
    Ring ring = rings[slot];
    if (ring == null) {
      ring = insert(word, slot);
    }
    ring.append(timestamp, value, floor);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    Ring ring = rings[slot(Bytes.getLong(key, 0))];
    if (ring == null) {
      return 0;
    }
    int from = ring.lowerBound(Math.max(start, floor));
    int to = ring.lowerBound(end);
    scannedEntries += to - from;
    return ring.checksum(from, to);
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void evictBefore(long cutoff) {
    floor = cutoff;
  }

  @Override
  public OptionalLong accountedBytes() {
    long bytes = 12L * keys.length;
    for (Ring ring : rings) {
      if (ring != null) {
        bytes += ring.bytes();
      }
    }
    return OptionalLong.of(bytes);
  }

  @Override
  public void close() {}

  /** The slot of {@code word}: where it is, or the free one where it belongs. */
  private int slot(long word) {
    int mask = keys.length - 1;
    int slot = (int) ((word * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (rings[slot] != null && keys[slot] != word) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private Ring insert(long word, int freeSlot) {
    int slot = freeSlot;
    if (++keyCount > keys.length / 2) {
      grow();
      slot = slot(word);
    }
    Ring ring = new Ring(valueBytes);
    keys[slot] = word;
    rings[slot] = ring;
    return ring;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Ring[] oldRings = rings;
    keys = new long[2 * oldKeys.length];
    rings = new @Nullable Ring[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldRings[i] != null) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        rings[slot] = oldRings[i];
      }
    }
  }

  /** The entries of one key in time order. The capacity is a power of two. */
  private static final class Ring {
    private static final int FIRST_CAPACITY = 4;
    private static final int HEADER_BYTES = 32 + 16 + 16;

    private final int valueBytes;
    private long[] timestamps = new long[FIRST_CAPACITY];
    private byte[] values;
    private int head;
    private int size;

    Ring(int valueBytes) {
      this.valueBytes = valueBytes;
      this.values = new byte[FIRST_CAPACITY * valueBytes];
    }

    void append(long timestamp, byte[] value, long floor) {
      int mask = timestamps.length - 1;
      while (size > 0 && timestamps[head] < floor) {
        head = (head + 1) & mask;
        size--;
      }
      if (size == timestamps.length) {
        grow();
        mask = timestamps.length - 1;
      }
      int at = (head + size) & mask;
      size++;
      for (int left = size - 1; left > 0; left--) {
        int before = (at - 1) & mask;
        if (timestamps[before] <= timestamp) {
          break;
        }
        timestamps[at] = timestamps[before];
        System.arraycopy(values, before * valueBytes, values, at * valueBytes, valueBytes);
        at = before;
      }
      timestamps[at] = timestamp;
      System.arraycopy(value, 0, values, at * valueBytes, valueBytes);
    }

    /** How many entries are older than {@code timestamp}. */
    int lowerBound(long timestamp) {
      int mask = timestamps.length - 1;
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (timestamps[(head + middle) & mask] < timestamp) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    long checksum(int from, int to) {
      int mask = timestamps.length - 1;
      long sum = 0;
      for (int i = from; i < to; i++) {
        int at = (head + i) & mask;
        sum += Checksum.term(i - from, timestamps[at], Bytes.getLong(values, at * valueBytes));
      }
      return sum;
    }

    long bytes() {
      return HEADER_BYTES + 8L * timestamps.length + values.length;
    }

    private void grow() {
      int capacity = timestamps.length;
      long[] newTimestamps = new long[2 * capacity];
      byte[] newValues = new byte[2 * values.length];
      int tail = capacity - head;
      System.arraycopy(timestamps, head, newTimestamps, 0, tail);
      System.arraycopy(timestamps, 0, newTimestamps, tail, head);
      System.arraycopy(values, head * valueBytes, newValues, 0, tail * valueBytes);
      System.arraycopy(values, 0, newValues, tail * valueBytes, head * valueBytes);
      timestamps = newTimestamps;
      values = newValues;
      head = 0;
    }
  }
}
