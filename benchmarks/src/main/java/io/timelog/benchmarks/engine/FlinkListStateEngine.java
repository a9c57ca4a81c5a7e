package io.timelog.benchmarks.engine;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The state of Flink's window operator with a process function: {@code ListState} under {@code key
 * group | key | window}, filled by {@code merge}, read by {@code get}, removed by a point delete
 * per key and window. Windows are a sixteenth of the retention, tumbling.
 *
 * <p>Cheaper than the original: which windows end for which keys comes for free, where Flink keeps
 * a timer each; elements carry no length. A list comes back in the order of arrival, so a scan in
 * time order sorts what is out of order, as a process function would.
 */
final class FlinkListStateEngine implements KeyedEngine {
  private static final int WINDOWS_IN_RETENTION = 16;
  private static final int WINDOW_OFFSET = 1 + Long.BYTES;
  private static final int STATE_KEY_BYTES = WINDOW_OFFSET + 2 * Long.BYTES;

  private final FlinkRocksDb db;
  private final long windowSize;
  private final int elementBytes;
  private final Set<ArrayKey> expired = new LinkedHashSet<>();
  private long[] timestamps = new long[64];
  private long[] words = new long[64];
  private long evictedUntil;
  private long scannedEntries;

  FlinkListStateEngine(EngineSettings settings) {
    this.db = FlinkRocksDb.open(settings.directory());
    this.windowSize = Math.max(1, settings.retention() / WINDOWS_IN_RETENTION);
    this.elementBytes = Long.BYTES + settings.valueBytes();
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    byte[] element = new byte[elementBytes];
    Bytes.putLong(element, 0, timestamp);
    System.arraycopy(value, 0, element, Long.BYTES, value.length);
    db.merge(stateKey(key, timestamp / windowSize), element);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    long sum = 0;
    int position = 0;
    for (long window = start / windowSize; window <= (end - 1) / windowSize; window++) {
      byte[] list = db.get(stateKey(key, window));
      if (list != null) {
        int count = read(list, start, end);
        for (int i = 0; i < count; i++) {
          sum += Checksum.term(position++, timestamps[i], words[i]);
        }
      }
    }
    scannedEntries += position;
    return sum;
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void prepareEviction(long cutoff, EntrySource entries) {
    long boundary = Math.floorDiv(cutoff, windowSize) * windowSize;
    entries.forEachBetween(
        evictedUntil,
        boundary,
        (key, timestamp, sequence) ->
            expired.add(new ArrayKey(stateKey(key, timestamp / windowSize))));
    evictedUntil = Math.max(evictedUntil, boundary);
  }

  @Override
  public void evictBefore(long cutoff) {
    for (ArrayKey stateKey : expired) {
      db.delete(stateKey.bytes());
    }
    expired.clear();
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.of(db.memoryBytes());
  }

  @Override
  public void close() {
    db.close();
  }

  /** Reads the elements of the range, sorted; elements are separated by one byte. */
  private int read(byte[] list, long start, long end) {
    int count = 0;
    for (int offset = 0; offset < list.length; offset += elementBytes + 1) {
      long timestamp = Bytes.getLong(list, offset);
      if (timestamp < start || timestamp >= end) {
        continue;
      }
      if (count == timestamps.length) {
        timestamps = Arrays.copyOf(timestamps, 2 * count);
        words = Arrays.copyOf(words, 2 * count);
      }
      int at = count++;
      for (; at > 0 && timestamps[at - 1] > timestamp; at--) {
        timestamps[at] = timestamps[at - 1];
        words[at] = words[at - 1];
      }
      timestamps[at] = timestamp;
      words[at] = Bytes.getLong(list, offset + Long.BYTES);
    }
    return count;
  }

  private byte[] stateKey(byte[] key, long window) {
    byte[] stateKey = new byte[STATE_KEY_BYTES];
    FlinkRocksDb.putKey(stateKey, key);
    Bytes.putLong(stateKey, WINDOW_OFFSET, window * windowSize);
    Bytes.putLong(stateKey, WINDOW_OFFSET + Long.BYTES, (window + 1) * windowSize);
    return stateKey;
  }
}
