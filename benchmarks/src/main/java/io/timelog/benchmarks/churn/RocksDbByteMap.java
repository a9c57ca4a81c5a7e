package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.engine.FlinkRocksDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/**
 * RocksDB as Flink has it. A range of keys is read and deleted key by key, as Flink and Kafka
 * Streams do it: range tombstones by the thousand would make reads slow.
 */
final class RocksDbByteMap implements ByteMap {
  private final FlinkRocksDb db;

  RocksDbByteMap(Path directory) {
    this.db = FlinkRocksDb.open(directory);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    db.put(key, value);
  }

  @Override
  public void remove(byte[] key) {
    db.delete(key);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return db.get(key);
  }

  @Override
  public void removeRange(byte[] from, byte[] to) {
    List<byte[]> keys = new ArrayList<>();
    try (RocksIterator iterator = db.iterator()) {
      for (iterator.seek(from); iterator.isValid(); iterator.next()) {
        byte[] key = iterator.key();
        if (Arrays.compareUnsigned(key, to) >= 0) {
          break;
        }
        keys.add(key);
      }
    }
    keys.forEach(db::delete);
  }

  @Override
  public ByteReads snapshot() {
    return new PastReads(db);
  }

  @Override
  public void flush() {
    db.flush();
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.of(db.memoryBytes());
  }

  @Override
  public Walk walk() {
    return new RocksDbWalk(db.iterator());
  }

  @Override
  public void close() {
    db.close();
  }

  private static final class PastReads implements ByteReads {
    private final FlinkRocksDb db;
    private final Snapshot snapshot;
    private final ReadOptions options;

    PastReads(FlinkRocksDb db) {
      this.db = db;
      this.snapshot = db.snapshot();
      this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public Walk walk() {
      return new RocksDbWalk(db.iterator(options));
    }

    @Override
    public void close() {
      options.close();
      db.release(snapshot);
    }
  }

  private static final class RocksDbWalk implements Walk {
    private final RocksIterator iterator;

    RocksDbWalk(RocksIterator iterator) {
      this.iterator = iterator;
    }

    @Override
    public boolean seek(byte[] key) {
      iterator.seek(key);
      return iterator.isValid();
    }

    @Override
    public boolean seekBack(byte[] key) {
      iterator.seekForPrev(key);
      return iterator.isValid();
    }

    @Override
    public boolean next() {
      iterator.next();
      return iterator.isValid();
    }

    @Override
    public byte[] key() {
      return iterator.key();
    }

    @Override
    public byte[] value() {
      return iterator.value();
    }

    @Override
    public void close() {
      iterator.close();
    }
  }
}
