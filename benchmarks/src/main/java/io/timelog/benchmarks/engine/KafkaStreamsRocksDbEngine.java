package io.timelog.benchmarks.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * The window store of Kafka Streams 4.3: one RocksDB per time segment of half the retention, with
 * the options of its {@code RocksDBStore}; entries under {@code key | timestamp | sequence}, as it
 * keeps duplicates; a range is one iterator per segment; expiry closes the database of a segment
 * and deletes its directory.
 *
 * <p>Cheaper than the original: no metered, caching and logging layers, no query position, no flush
 * on commit.
 */
final class KafkaStreamsRocksDbEngine implements KeyedEngine {
  private static final int KEY_BYTES = 8;
  private static final byte[] OFFSETS_FAMILY = "offsets".getBytes(StandardCharsets.UTF_8);

  private final Path directory;
  private final long segmentInterval;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private int sequence;
  private long scannedEntries;

  KafkaStreamsRocksDbEngine(EngineSettings settings) {
    RocksDB.loadLibrary();
    this.directory = settings.directory();
    this.segmentInterval = Math.max(1, settings.retention() / 2);
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    sequence = (sequence + 1) & Integer.MAX_VALUE;
    long id = timestamp / segmentInterval;
    Segment segment = segments.get(id);
    if (segment == null) {
      segment = new Segment(directory.resolve("segment." + id));
      segments.put(id, segment);
    }
    segment.put(storeKey(key, timestamp, sequence), value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    byte[] first = storeKey(key, start, 0);
    byte[] last = storeKey(key, end - 1, Integer.MAX_VALUE);
    long sum = 0;
    int position = 0;
    for (Segment segment :
        segments
            .subMap(start / segmentInterval, true, (end - 1) / segmentInterval, true)
            .values()) {
      try (RocksIterator iterator = segment.iterator()) {
        iterator.seek(first);
        while (iterator.isValid()) {
          byte[] storeKey = iterator.key();
          byte[] value = iterator.value();
          iterator.next();
          if (Arrays.compareUnsigned(storeKey, last) > 0) {
            break;
          }
          long timestamp = Bytes.getLong(storeKey, KEY_BYTES);
          sum += Checksum.term(position++, timestamp, Bytes.getLong(value, 0));
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
  public void evictBefore(long cutoff) {
    Iterator<Segment> expired =
        segments.headMap(Math.floorDiv(cutoff, segmentInterval), false).values().iterator();
    while (expired.hasNext()) {
      expired.next().destroy();
      expired.remove();
    }
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.of(segments.values().stream().mapToLong(Segment::memoryBytes).sum());
  }

  @Override
  public void close() {
    segments.values().forEach(Segment::destroy);
    segments.clear();
  }

  private static byte[] storeKey(byte[] key, long timestamp, int sequence) {
    byte[] storeKey = Arrays.copyOf(key, KEY_BYTES + Long.BYTES + Integer.BYTES);
    Bytes.putLong(storeKey, KEY_BYTES, timestamp);
    Bytes.putInt(storeKey, KEY_BYTES + Long.BYTES, sequence);
    return storeKey;
  }

  /** One database, opened as {@code RocksDBStore.openDB} of Kafka Streams opens it. */
  private static final class Segment {
    private final Path directory;
    private final LRUCache cache = new LRUCache(50 << 20);
    private final BloomFilter filter = new BloomFilter();
    private final DBOptions dbOptions;
    private final ColumnFamilyOptions dataOptions;
    private final ColumnFamilyOptions offsetsOptions;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final RocksDB db;

    Segment(Path directory) {
      this.directory = directory;
      this.dbOptions =
          new DBOptions()
              .setCreateIfMissing(true)
              .setCreateMissingColumnFamilies(true)
              .setErrorIfExists(false)
              .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
              .setIncreaseParallelism(Math.max(Runtime.getRuntime().availableProcessors(), 2));
      this.dataOptions =
          new ColumnFamilyOptions()
              .setOptimizeFiltersForHits(true)
              .setTableFormatConfig(
                  new BlockBasedTableConfig()
                      .setBlockCache(cache)
                      .setBlockSize(4096)
                      .setFilterPolicy(filter))
              .setWriteBufferSize(16 << 20)
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

    void put(byte[] storeKey, byte[] value) {
      try {
        db.put(families.get(0), writeOptions, storeKey, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException("RocksDB refused an entry", e);
      }
    }

    RocksIterator iterator() {
      return db.newIterator(families.get(0));
    }

    long memoryBytes() {
      return RocksDbFiles.memoryBytes(db, families.get(0));
    }

    void destroy() {
      families.forEach(ColumnFamilyHandle::close);
      db.close();
      dbOptions.close();
      dataOptions.close();
      offsetsOptions.close();
      writeOptions.close();
      filter.close();
      cache.close();
      RocksDbFiles.delete(directory.toFile());
    }
  }
}
