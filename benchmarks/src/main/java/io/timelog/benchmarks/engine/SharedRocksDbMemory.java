package io.timelog.benchmarks.engine;

import java.util.function.Consumer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One cache for all databases of a store, in which their memtables, indexes and filters count as
 * well: so all of them together take so much, and little more.
 */
final class SharedRocksDbMemory implements RocksDbMemory, AutoCloseable {
  /** Any number of shards, as the size of the cache suggests. */
  private static final int SHARDS = -1;

  /** There are two or three segments, and what an old one has in its memtable it keeps. */
  private static final int MEMTABLES_OF_SEGMENTS = 4;

  private static final double FLINK_WRITE_PART = 0.5;
  private static final double HIGH_PRIORITY_PART = 0.1;

  private final LRUCache cache;
  private final WriteBufferManager memtables;
  private final long longestMemtableBytes;
  private final Consumer<BlockBasedTableConfig> pinning;

  private SharedRocksDbMemory(
      long cacheBytes,
      long memtableBytes,
      long longestMemtableBytes,
      Consumer<BlockBasedTableConfig> pinning) {
    RocksDB.loadLibrary();
    this.cache = new LRUCache(cacheBytes, SHARDS, false, HIGH_PRIORITY_PART);
    this.memtables = new WriteBufferManager(memtableBytes, cache);
    this.longestMemtableBytes = longestMemtableBytes;
    this.pinning = pinning;
  }

  /**
   * As the {@code RocksDBConfigSetter} that the documentation of Kafka Streams has for bounded
   * memory. It leaves open which part memtables have, half as with Flink, and how large each is: a
   * quarter of that, or a database would flush nearly nothing each time because of what others
   * keep.
   */
  static SharedRocksDbMemory ofKafkaStreams(long bytes) {
    return new SharedRocksDbMemory(
        bytes,
        bytes / 2,
        bytes / 2 / MEMTABLES_OF_SEGMENTS,
        table -> table.setPinTopLevelIndexAndFilter(true));
  }

  /**
   * As {@code RocksDBMemoryControllerUtils} of Flink makes it of managed memory. It gives memtables
   * less than their part, because they may exceed it by half.
   */
  static SharedRocksDbMemory ofFlink(long bytes) {
    return new SharedRocksDbMemory(
        (long) ((3 - FLINK_WRITE_PART) * bytes / 3),
        (long) (2 * bytes * FLINK_WRITE_PART / 3),
        Long.MAX_VALUE,
        table -> table.setPinL0FilterAndIndexBlocksInCache(true));
  }

  @Override
  public Cache cache() {
    return cache;
  }

  @Override
  public void release(Cache shared) {
    // Others use it.
  }

  @Override
  public long memtableBytes(long usualBytes) {
    return Math.min(usualBytes, longestMemtableBytes);
  }

  @Override
  public void bound(DBOptions options, BlockBasedTableConfig table) {
    options.setWriteBufferManager(memtables);
    table.setCacheIndexAndFilterBlocks(true).setCacheIndexAndFilterBlocksWithHighPriority(true);
    pinning.accept(table);
  }

  /** When all databases are closed. */
  @Override
  public void close() {
    memtables.close();
    cache.close();
  }
}
