package io.timelog.benchmarks.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.rocksdb.RocksIterator;

/**
 * The state of Flink's interval join and OVER aggregations: {@code MapState} from timestamp to
 * value, an entry of RocksDB each, under {@code key group | key | namespace | timestamp |
 * sequence}; expiry is a point delete per entry.
 *
 * <p>Cheaper than the original: duplicates of a timestamp are told apart by the sequence, where
 * Flink's join reads the list of that timestamp, appends and writes it back; a scan seeks to its
 * start and stays with one iterator, where {@code MapState} has no range, reads all entries of the
 * key and opens a new iterator every 128; and the keys to delete come for free, where Flink pays
 * for timers.
 */
final class FlinkMapStateEngine implements KeyedEngine {
  private static final int TIMESTAMP_OFFSET = 1 + Long.BYTES + 1;
  private static final int STATE_KEY_BYTES = TIMESTAMP_OFFSET + Long.BYTES + Integer.BYTES;

  private final FlinkRocksDb db;
  private final Runnable closing;
  private final List<byte[]> expired = new ArrayList<>();
  private long evictedUntil;
  private long appended;
  private long scannedEntries;

  private FlinkMapStateEngine(FlinkRocksDb db, Runnable closing) {
    this.db = db;
    this.closing = closing;
  }

  /** With the memory that RocksDB takes by itself. */
  static FlinkMapStateEngine unbounded(EngineSettings settings) {
    return new FlinkMapStateEngine(FlinkRocksDb.open(settings.directory()), () -> {});
  }

  /** With so much managed memory. */
  static FlinkMapStateEngine bounded(EngineSettings settings, long memoryBytes) {
    SharedRocksDbMemory memory = SharedRocksDbMemory.ofFlink(memoryBytes);
    return new FlinkMapStateEngine(FlinkRocksDb.open(settings.directory(), memory), memory::close);
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    byte[] nullable = new byte[1 + value.length];
    System.arraycopy(value, 0, nullable, 1, value.length);
    db.put(stateKey(key, timestamp, appended++), nullable);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    byte[] first = stateKey(key, start, 0);
    byte[] afterLast = stateKey(key, end, 0);
    long sum = 0;
    int position = 0;
    try (RocksIterator iterator = db.iterator()) {
      for (iterator.seek(first); iterator.isValid(); iterator.next()) {
        byte[] stateKey = iterator.key();
        if (Arrays.compareUnsigned(stateKey, afterLast) >= 0) {
          break;
        }
        long timestamp = Bytes.getLong(stateKey, TIMESTAMP_OFFSET);
        sum += Checksum.term(position++, timestamp, Bytes.getLong(iterator.value(), 1));
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
    entries.forEachBetween(
        evictedUntil,
        cutoff,
        (key, timestamp, sequence) -> expired.add(stateKey(key, timestamp, sequence)));
    evictedUntil = cutoff;
  }

  @Override
  public void evictBefore(long cutoff) {
    for (byte[] stateKey : expired) {
      db.delete(stateKey);
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
    closing.run();
  }

  private static byte[] stateKey(byte[] key, long timestamp, long sequence) {
    byte[] stateKey = new byte[STATE_KEY_BYTES];
    FlinkRocksDb.putKey(stateKey, key);
    Bytes.putLong(stateKey, TIMESTAMP_OFFSET, timestamp);
    Bytes.putInt(stateKey, TIMESTAMP_OFFSET + Long.BYTES, (int) sequence);
    return stateKey;
  }
}
