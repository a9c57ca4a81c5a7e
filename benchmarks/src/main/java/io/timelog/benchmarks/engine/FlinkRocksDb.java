package io.timelog.benchmarks.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteOptions;

/**
 * One state of Flink 2.3's RocksDB backend: a column family with the defaults of {@code
 * RocksDBConfigurableOptions} and {@code RocksDBResourceContainer}, bounded by managed memory or
 * not. To be run with Flink's own build of RocksDB, which {@link #open} checks, because the classes
 * of Kafka Streams' build have the same names.
 */
public final class FlinkRocksDb implements AutoCloseable {
  /** Keys of a state start with their key group, one byte below 129 groups. */
  private static final int KEY_GROUPS = 128;

  /** The default of RocksDB, for each state. */
  private static final long CACHE_BYTES = 8 << 20;

  /** The version that Flink's build says it is. */
  private static final String VERSION = "8.10.0";

  private static final byte[] STATE_FAMILY = "state".getBytes(StandardCharsets.UTF_8);

  private final Path directory;
  private final RocksDbMemory memory;
  private final Cache cache;
  private final DBOptions dbOptions;
  private final ColumnFamilyOptions familyOptions;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final ReadOptions readOptions = new ReadOptions();
  private final List<ColumnFamilyHandle> defaultFamily = new ArrayList<>();
  private final RocksDB db;
  private final ColumnFamilyHandle family;

  private FlinkRocksDb(Path directory, RocksDbMemory memory) throws RocksDBException {
    this.directory = directory;
    this.memory = memory;
    this.cache = memory.cache();
    this.dbOptions =
        new DBOptions()
            .setUseFsync(false)
            .setStatsDumpPeriodSec(0)
            .setMaxBackgroundJobs(2)
            .setMaxOpenFiles(-1)
            .setInfoLogLevel(InfoLogLevel.INFO_LEVEL)
            .setMaxLogFileSize(25 << 20)
            .setKeepLogFileNum(4)
            .setCreateIfMissing(true)
            .setAvoidFlushDuringShutdown(true);
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockSize(4 << 10)
            .setMetadataBlockSize(4 << 10)
            .setBlockCache(cache);
    memory.bound(dbOptions, table);
    this.familyOptions =
        new ColumnFamilyOptions()
            .setCompactionStyle(CompactionStyle.LEVEL)
            .setCompressionPerLevel(List.of(CompressionType.SNAPPY_COMPRESSION))
            .setLevelCompactionDynamicLevelBytes(false)
            .setTargetFileSizeBase(64 << 20)
            .setMaxBytesForLevelBase(256 << 20)
            .setWriteBufferSize(memory.memtableBytes(64 << 20))
            .setMaxWriteBufferNumber(2)
            .setMinWriteBufferNumberToMerge(1)
            .setTableFormatConfig(table)
            .setMergeOperatorName("stringappendtest");
    this.db =
        RocksDB.open(
            dbOptions,
            directory.toString(),
            List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions)),
            defaultFamily);
    this.family = db.createColumnFamily(new ColumnFamilyDescriptor(STATE_FAMILY, familyOptions));
  }

  /**
   * Opens a state without entries.
   *
   * @throws IllegalStateException if the RocksDB on the class path is not Flink's
   */
  public static FlinkRocksDb open(Path directory) {
    return open(directory, new OwnRocksDbMemory(CACHE_BYTES));
  }

  /** As {@link #open(Path)}, with memory from elsewhere. */
  static FlinkRocksDb open(Path directory, RocksDbMemory memory) {
    RocksDB.loadLibrary();
    String version = RocksDB.rocksdbVersion().toString();
    if (!version.equals(VERSION)) {
      throw new IllegalStateException(
          "This engine needs Flink's build of RocksDB first on the class path: expected="
              + VERSION
              + ", found="
              + version);
    }
    try {
      return new FlinkRocksDb(directory.resolve("db"), memory);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB cannot open its directory", e);
    }
  }

  /** Writes key group and key to the start of {@code target}; returns the offset behind them. */
  static int putKey(byte[] target, byte[] key) {
    long word = Bytes.getLong(key, 0);
    target[0] = (byte) Math.floorMod(word, KEY_GROUPS);
    Bytes.putLong(target, 1, word);
    return 1 + Long.BYTES;
  }

  /** Writes one key. */
  public void put(byte[] key, byte[] value) {
    try {
      db.put(family, writeOptions, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB refused a put", e);
    }
  }

  void merge(byte[] key, byte[] element) {
    try {
      db.merge(family, writeOptions, key, element);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB refused a merge", e);
    }
  }

  /** Deletes one key. */
  public void delete(byte[] key) {
    try {
      db.delete(family, writeOptions, key);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB refused a delete", e);
    }
  }

  /** Reads one key; null if there is none. */
  public byte @Nullable [] get(byte[] key) {
    try {
      return db.get(family, key);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB could not read", e);
    }
  }

  /** An iterator over the present. */
  public RocksIterator iterator() {
    return iterator(readOptions);
  }

  /** An iterator over the snapshot in {@code options}. */
  public RocksIterator iterator(ReadOptions options) {
    return db.newIterator(family, options);
  }

  /** A snapshot, to be given to {@link #release}. */
  public Snapshot snapshot() {
    return db.getSnapshot();
  }

  /** Lets go of a snapshot. */
  public void release(Snapshot snapshot) {
    db.releaseSnapshot(snapshot);
    snapshot.close();
  }

  /** Writes the memtable to a file. */
  public void flush() {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, family);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB could not flush", e);
    }
  }

  /** Memory by RocksDB's own account. */
  public long memoryBytes() {
    return RocksDbFiles.memoryBytes(db, family);
  }

  @Override
  public void close() {
    family.close();
    defaultFamily.forEach(ColumnFamilyHandle::close);
    db.close();
    dbOptions.close();
    familyOptions.close();
    writeOptions.close();
    readOptions.close();
    memory.release(cache);
    RocksDbFiles.delete(directory.toFile());
  }
}
