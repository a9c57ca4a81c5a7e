package io.timelog.benchmarks.engine;

import java.io.File;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What the three RocksDB engines share: what a database holds in memory, and how it goes away. */
final class RocksDbFiles {
  private RocksDbFiles() {}

  /** Memtables, block cache and table readers, by RocksDB's own account. */
  static long memoryBytes(RocksDB db, ColumnFamilyHandle family) {
    try {
      return db.getLongProperty(family, "rocksdb.cur-size-all-mem-tables")
          + db.getLongProperty(family, "rocksdb.block-cache-usage")
          + db.getLongProperty(family, "rocksdb.estimate-table-readers-mem");
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB gave no account of its memory", e);
    }
  }

  /** Deletes a directory with the files and directories in it. */
  static void delete(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      for (File child : children) {
        delete(child);
      }
    }
    if (!file.delete() && file.exists()) {
      throw new IllegalStateException(
          "A file of RocksDB could not be deleted: name=" + file.getName());
    }
  }
}
