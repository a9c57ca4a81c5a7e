package io.timelog.benchmarks.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * One database, opened as {@code RocksDBStore.openDB} of Kafka Streams 4.3 opens it, and committed
 * as its {@code commit} does: offset and position are put into a column family of their own, which
 * is flushed together with the entries, when RocksDB flushes those. Nothing is flushed for a
 * commit.
 */
final class KafkaStreamsRocksDb implements AutoCloseable {
  private static final byte[] OFFSETS_FAMILY = "offsets".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OFFSET = "changelog-0".getBytes(StandardCharsets.UTF_8);
  private static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);

  private final Path directory;
  private final RocksDbLog log;
  private final RocksDbMemory memory;
  private final Cache cache;
  private final BloomFilter filter = new BloomFilter();
  private final DBOptions dbOptions;
  private final ColumnFamilyOptions dataOptions;
  private final ColumnFamilyOptions offsetsOptions;
  private final WriteOptions writeOptions;
  private final List<ColumnFamilyHandle> families = new ArrayList<>();
  private final RocksDB db;

  /** Opens the database in a directory, or makes one there. */
  KafkaStreamsRocksDb(Path directory, RocksDbLog log, RocksDbMemory memory) {
    this.directory = directory;
    this.log = log;
    this.memory = memory;
    this.cache = memory.cache();
    this.writeOptions = new WriteOptions().setDisableWAL(log == RocksDbLog.OFF);
    this.dbOptions =
        new DBOptions()
            .setAtomicFlush(true)
            .setManualWalFlush(log != RocksDbLog.OFF)
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setErrorIfExists(false)
            .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
            .setIncreaseParallelism(Math.max(Runtime.getRuntime().availableProcessors(), 2));
    BlockBasedTableConfig table =
        new BlockBasedTableConfig().setBlockCache(cache).setBlockSize(4096).setFilterPolicy(filter);
    memory.bound(dbOptions, table);
    this.dataOptions =
        new ColumnFamilyOptions()
            .setOptimizeFiltersForHits(true)
            .setTableFormatConfig(table)
            .setWriteBufferSize(memory.memtableBytes(16 << 20))
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setCompactionStyle(CompactionStyle.UNIVERSAL)
            .setMaxWriteBufferNumber(3);
    this.offsetsOptions =
        new ColumnFamilyOptions()
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setWriteBufferSize(1 << 20);
    try {
      this.db =
          RocksDB.open(
              dbOptions,
              directory.toString(),
              List.of(
                  new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, dataOptions),
                  new ColumnFamilyDescriptor(OFFSETS_FAMILY, offsetsOptions)),
              families);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB cannot open its directory", e);
    }
  }

  void put(byte[] key, byte[] value) {
    put(families.get(0), key, value);
  }

  private void put(ColumnFamilyHandle family, byte[] key, byte[] value) {
    try {
      db.put(family, writeOptions, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB refused an entry", e);
    }
  }

  /** Commits what was put, with a position in the source of it. */
  void commit(byte[] position) {
    put(families.get(1), POSITION, position);
    put(families.get(1), OFFSET, position);
    if (log != RocksDbLog.OFF) {
      try {
        db.flushWal(log == RocksDbLog.SYNCED);
      } catch (RocksDBException e) {
        throw new IllegalStateException("RocksDB could not write its log", e);
      }
    }
  }

  RocksIterator iterator() {
    return db.newIterator(families.get(0));
  }

  /** Memory by RocksDB's own account. */
  long memoryBytes() {
    return RocksDbFiles.memoryBytes(db, families.get(0));
  }

  /** Makes a database of the present in a directory that is not there: links to files, mostly. */
  void checkpoint(Path target) {
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException("RocksDB could not make a checkpoint", e);
    }
  }

  /** Closes the database; what its log does not have is flushed. The files stay. */
  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    db.close();
    dbOptions.close();
    dataOptions.close();
    offsetsOptions.close();
    writeOptions.close();
    filter.close();
    memory.release(cache);
  }

  /** Closes the database and deletes its files. */
  void destroy() {
    close();
    RocksDbFiles.delete(directory.toFile());
  }
}
