package io.timelog.benchmarks.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.DBOptions;

/** Where databases have the memory for blocks and memtables from. */
interface RocksDbMemory {
  /** The cache of one database, which gives it back to {@link #release}. */
  Cache cache();

  /** The database is closed. */
  void release(Cache cache);

  /** How large a memtable becomes that usually becomes so large. */
  long memtableBytes(long usualBytes);

  /** Says in the options of a database what bounds its memory. */
  void bound(DBOptions options, BlockBasedTableConfig table);
}
