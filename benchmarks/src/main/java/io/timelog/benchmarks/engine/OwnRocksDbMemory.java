package io.timelog.benchmarks.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;

/**
 * A cache for each database; nothing else bounds what it takes.
 *
 * @param cacheBytes of blocks
 */
record OwnRocksDbMemory(long cacheBytes) implements RocksDbMemory {
  @Override
  public Cache cache() {
    return new LRUCache(cacheBytes);
  }

  @Override
  public void release(Cache cache) {
    cache.close();
  }

  @Override
  public long memtableBytes(long usualBytes) {
    return usualBytes;
  }

  @Override
  public void bound(DBOptions options, BlockBasedTableConfig table) {
    // As the options are.
  }
}
