package io.timelog.benchmarks.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/**
 * The window store of Kafka Streams 4.3: one {@link KafkaStreamsRocksDb} per time segment of half
 * the retention; entries under {@code key | timestamp | sequence}, as it keeps duplicates; a range
 * is one iterator per segment; expiry closes the database of a segment and deletes its directory; a
 * commit is one of each segment.
 *
 * <p>Cheaper than the original: no metered, caching and logging layers, no query position while it
 * writes, no note of whether it is open.
 */
public final class KafkaStreamsWindowStore implements EntrySink, AutoCloseable {
  private static final int KEY_BYTES = 8;
  private static final String SEGMENT = "segment.";

  /** The default of Kafka Streams, for each segment. */
  private static final long CACHE_BYTES = 50 << 20;

  private final Path directory;
  private final long segmentInterval;
  private final RocksDbLog log;
  private final RocksDbMemory memory;
  private final TreeMap<Long, KafkaStreamsRocksDb> segments = new TreeMap<>();
  private int sequence;
  private long scannedEntries;

  /**
   * Opens the store in a directory that is there, with the segments that are in it.
   *
   * @param retention in ticks
   */
  public KafkaStreamsWindowStore(Path directory, long retention, RocksDbLog log) {
    this(directory, retention, log, new OwnRocksDbMemory(CACHE_BYTES));
  }

  /** As the other one, with memory from elsewhere. */
  KafkaStreamsWindowStore(Path directory, long retention, RocksDbLog log, RocksDbMemory memory) {
    RocksDB.loadLibrary();
    this.memory = memory;
    this.directory = directory;
    this.segmentInterval = Math.max(1, retention / 2);
    this.log = log;
    for (Path segment : segmentsIn(directory)) {
      String name = segment.getFileName().toString();
      segment(Long.parseLong(name.substring(SEGMENT.length())));
    }
  }

  private static List<Path> segmentsIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith(SEGMENT)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The segments cannot be listed", e);
    }
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    sequence = (sequence + 1) & Integer.MAX_VALUE;
    segment(timestamp / segmentInterval).put(storeKey(key, timestamp, sequence), value);
  }

  private KafkaStreamsRocksDb segment(long id) {
    KafkaStreamsRocksDb segment = segments.get(id);
    if (segment == null) {
      segment = new KafkaStreamsRocksDb(directory.resolve(SEGMENT + id), log, memory);
      segments.put(id, segment);
    }
    return segment;
  }

  /** As {@link KeyedEngine#scan}. */
  public long scan(byte[] key, long start, long end) {
    byte[] first = storeKey(key, start, 0);
    byte[] last = storeKey(key, end - 1, Integer.MAX_VALUE);
    long sum = 0;
    int position = 0;
    for (KafkaStreamsRocksDb segment :
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

  /** The number of entries that all scans so far have read. */
  public long scannedEntries() {
    return scannedEntries;
  }

  /** Forgets the segments that end at or below {@code cutoff}. */
  public void evictBefore(long cutoff) {
    Iterator<KafkaStreamsRocksDb> expired =
        segments.headMap(Math.floorDiv(cutoff, segmentInterval), false).values().iterator();
    while (expired.hasNext()) {
      expired.next().destroy();
      expired.remove();
    }
  }

  /** Commits what was appended, with a position in the source of it. */
  public void commit(byte[] position) {
    segments.values().forEach(segment -> segment.commit(position));
  }

  /** Makes a store of the present in another directory that is there. */
  public void checkpoint(Path target) {
    segments.forEach((id, segment) -> segment.checkpoint(target.resolve(SEGMENT + id)));
  }

  /** Memory by RocksDB's own account. */
  long memoryBytes() {
    return segments.values().stream().mapToLong(KafkaStreamsRocksDb::memoryBytes).sum();
  }

  /** Closes the store; its files stay. */
  @Override
  public void close() {
    segments.values().forEach(KafkaStreamsRocksDb::close);
    segments.clear();
  }

  /** Closes the store and deletes its files. */
  void destroy() {
    segments.values().forEach(KafkaStreamsRocksDb::destroy);
    segments.clear();
  }

  private static byte[] storeKey(byte[] key, long timestamp, int sequence) {
    byte[] storeKey = Arrays.copyOf(key, KEY_BYTES + Long.BYTES + Integer.BYTES);
    Bytes.putLong(storeKey, KEY_BYTES, timestamp);
    Bytes.putInt(storeKey, KEY_BYTES + Long.BYTES, sequence);
    return storeKey;
  }
}
