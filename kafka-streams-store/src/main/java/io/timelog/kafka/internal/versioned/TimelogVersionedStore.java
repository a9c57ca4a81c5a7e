package io.timelog.kafka.internal.versioned;

import io.timelog.Cursor;
import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.StoreKind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.ResultOrder;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A versioned store that stands on a table of the engine. The latest version of a key never
 * expires; the ones before it can be asked for, and added to, for as long as the history is
 * retained.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed.
 */
final class TimelogVersionedStore extends HostedStore implements VersionedBytesStore {
  /*
   * The entries of a key, by the time at which they end, are versions and marks (see Version), and
   * what was valid at a moment is the first of them behind it, if that has begun:
   *
   *     time     20        30      45      ∞
   *     entry    [10 a]    mark    [30 b]  [45 c]
   *
   * is a from 10 on, nothing from 20 on, b from 30 on and c from 45 on. A mark stands where a tombstone
   * was put and no version ends there already: a record that comes late must not become valid beyond
   * it. Hence a put touches at most two entries: the one that was valid until then ends earlier, and
   * that at its end becomes the new one, or a mark.
   *
   * Entries are written oldest first. A reader that comes between the two writes finds the version that
   * is about to end twice, begun at the same time, and takes the one that ends later: for it, the put
   * has not happened yet.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimelogVersionedStore.class);

  private final long historyRetentionMillis;
  private volatile Retention history;

  TimelogVersionedStore(String name, long historyRetentionMillis, StoreKind kind) {
    super(name, kind);
    this.historyRetentionMillis = historyRetentionMillis;
    this.history = Retention.ofHistory(historyRetentionMillis);
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    TableOptions options =
        TableOptions.map(name())
            .windowSize(Retention.partitionMillisFor(historyRetentionMillis), 0)
            .lateEntries(LateEntries.REFUSE)
            .build();
    HostedTable opened = HostedTable.open(options, name(), context);
    history = Retention.ofHistory(historyRetentionMillis);
    host(opened);
    register(context, root, this::restore);
  }

  @Override
  public long put(Bytes key, byte @Nullable [] value, long timestamp) {
    byte[] keyBytes = bytes(key);
    HostedTable opened = hosted();
    checkTimestamp(opened, timestamp);
    Table table = opened.table();
    if (isExpired(opened, timestamp, "put")) {
      opened.advancePosition();
      return VersionedKeyValueStore.PUT_RETURN_CODE_NOT_PUT;
    }
    long validTo = observeAndWrite(opened, table, keyBytes, value, timestamp);
    opened.advancePosition();
    return validTo;
  }

  @Override
  public byte @Nullable [] delete(Bytes key, long timestamp) {
    byte[] keyBytes = bytes(key);
    HostedTable opened = hosted();
    checkTimestamp(opened, timestamp);
    Table table = opened.table();
    if (isExpired(opened, timestamp, "delete")) {
      opened.advancePosition();
      return null;
    }
    byte[] deleted = readAsOf(opened, keyBytes, timestamp).version();
    observeAndWrite(opened, table, keyBytes, null, timestamp);
    opened.advancePosition();
    return deleted;
  }

  private static byte[] bytes(Bytes key) {
    return Objects.requireNonNull(key, "key cannot be null").get();
  }

  // It would also move stream time to its end, so that every other record came too late.
  private static void checkTimestamp(HostedTable opened, long timestamp) {
    if (timestamp == Version.LATEST) {
      throw new IllegalArgumentException(
          "A version cannot begin at the end of time: timestamp="
              + timestamp
              + ", "
              + opened.place()
              + ". Correct the timestamp of the record, in a TimestampExtractor for instance.");
    }
  }

  private boolean isExpired(HostedTable opened, long timestamp, String operation) {
    long oldest = history.oldestLive();
    if (timestamp >= oldest) {
      return false;
    }
    opened.countDropped();
    LOG.warn(
        "Skipping record for expired {}. store={}, task={}, timestamp={}, oldest={}",
        operation,
        name(),
        opened.task(),
        timestamp,
        oldest);
    return true;
  }

  private long observeAndWrite(
      HostedTable opened, Table table, byte[] key, byte @Nullable [] value, long timestamp) {
    try {
      long validTo = write(table, key, value, timestamp);
      // Behind the write: one that is refused must not have let anything expire.
      observe(table, timestamp);
      return validTo;
    } catch (TimelogException | IllegalStateException e) {
      throw opened.refusal("Put failed", e);
    }
  }

  private void observe(Table table, long timestamp) {
    if (history.observe(timestamp)) {
      table.deleteBefore(history.oldestKept());
    }
  }

  /**
   * The entry that ends first after a time.
   *
   * @param time when it ends; {@link Version#LATEST} if there is none
   * @param version null if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // only carried from a read to its caller
  private record Found(long time, byte @Nullable [] version) {
    /** Whether the entry behind this one is the same version, which a put is about to end here. */
    boolean beginsWith(byte[] next) {
      return version != null
          && !Version.isMark(version)
          && !Version.isMark(next)
          && Version.validFrom(version) == Version.validFrom(next);
    }
  }

  private static Found firstAfter(TableReader table, byte[] key, long timestamp) {
    byte[] latest = table.get(key, Version.LATEST);
    if ((latest == null || Version.validFrom(latest) > timestamp) && timestamp < Version.LATEST) {
      try (Cursor entries = table.scan(key, TimeRange.closed(timestamp + 1, Version.LATEST - 1))) {
        if (entries.advance()) {
          Found first = new Found(entries.timestamp(), entries.value());
          return entries.advance() && first.beginsWith(entries.value())
              ? new Found(entries.timestamp(), entries.value())
              : first;
        }
      }
    }
    return new Found(Version.LATEST, latest);
  }

  /** Returns until when the record is valid, in the way that the interface wants it. */
  private static long write(Table table, byte[] key, byte @Nullable [] value, long timestamp) {
    Found found = firstAfter(table, key, timestamp);
    byte[] version = found.version();
    if (version != null && !Version.isMark(version) && Version.validFrom(version) > timestamp) {
      // Nothing is valid here until that version begins.
      long end = Version.validFrom(version);
      if (value == null) {
        mark(table, key, timestamp);
      } else {
        table.put(key, end, Version.of(timestamp, value));
      }
      return end;
    }
    boolean added = false;
    if (version != null && !Version.isMark(version) && Version.validFrom(version) < timestamp) {
      table.put(key, timestamp, version);
      added = true;
    } else if (value == null) {
      added = mark(table, key, timestamp);
    }
    try {
      end(table, key, value, timestamp, found.time());
    } catch (TimelogException e) {
      if (added) {
        takeBack(table, key, timestamp, e);
      }
      throw e;
    }
    return found.time() == Version.LATEST
        ? VersionedKeyValueStore.PUT_RETURN_CODE_VALID_TO_UNDEFINED
        : found.time();
  }

  /** True if there was none. */
  private static boolean mark(Table table, byte[] key, long timestamp) {
    boolean absent = table.get(key, timestamp) == null;
    if (absent) {
      table.put(key, timestamp, Version.MARK);
    }
    return absent;
  }

  // No entry was there before: versions do not overlap, and a mark is put only where there is none.
  private static void takeBack(Table table, byte[] key, long timestamp, TimelogException refusal) {
    try {
      table.remove(key, timestamp);
    } catch (TimelogException e) {
      refusal.addSuppressed(e);
    }
  }

  private static void end(
      Table table, byte[] key, byte @Nullable [] value, long timestamp, long time) {
    if (value != null) {
      table.put(key, time, Version.of(timestamp, value));
    } else if (time == Version.LATEST) {
      table.remove(key, time);
    } else {
      table.put(key, time, Version.MARK);
    }
  }

  /*
   * As a ChangelogReader: step by step, as the records were put, and not from the end of a batch on. A
   * tombstone that has expired by then still bounds a version before it that was put later.
   */
  private void restore(ConsumerRecord<byte[], byte[]> record) {
    checkRestored(record);
    if (record.timestamp() >= history.oldestLive()) {
      Table table = hosted().table();
      write(table, record.key(), record.value(), record.timestamp());
      observe(table, record.timestamp());
    }
  }

  // The timestamp is that of the record. Kafka's producer sends none below zero.
  private static void checkRestored(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new IllegalArgumentException("A record of the changelog has no key");
    }
    if (record.timestamp() < 0 || record.timestamp() == Version.LATEST) {
      throw new IllegalArgumentException(
          "A version cannot begin at the timestamp of the record: timestamp="
              + record.timestamp()
              + ", minimum=0, maximum="
              + (Version.LATEST - 1));
    }
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return latest(hosted(), bytes(key));
  }

  @Override
  public byte @Nullable [] get(Bytes key, long asOfTimestamp) {
    return readAsOf(hosted(), bytes(key), asOfTimestamp).version();
  }

  private static byte @Nullable [] latest(HostedTable opened, byte[] key) {
    Table table = opened.table();
    try {
      return table.get(key, Version.LATEST);
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  private Found readAsOf(HostedTable opened, byte[] key, long timestamp) {
    Table table = opened.table();
    try {
      return asOf(table, key, timestamp);
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  private Found asOf(TableReader table, byte[] key, long timestamp) {
    Found found =
        timestamp < history.oldestLive()
            ? new Found(Version.LATEST, table.get(key, Version.LATEST))
            : firstAfter(table, key, timestamp);
    byte[] version = found.version();
    return version == null || Version.isMark(version) || Version.validFrom(version) > timestamp
        ? new Found(found.time(), null)
        : found;
  }

  @Override
  protected @Nullable QueryResult<?> run(Query<?> query) {
    if (query instanceof VersionedKeyQuery<?, ?> one) {
      byte[] key = bytes((Bytes) one.key());
      return QueryResult.forResult(record(key, one.asOfTimestamp().orElse(null)));
    }
    if (query instanceof MultiVersionedKeyQuery<?, ?> many) {
      return QueryResult.forResult(
          versions(
              bytes((Bytes) many.key()),
              many.fromTime().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
              many.toTime().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE),
              many.resultOrder()));
    }
    return null;
  }

  private @Nullable VersionedRecord<byte[]> record(byte[] key, @Nullable Instant asOf) {
    HostedTable opened = hosted();
    if (asOf == null) {
      return Version.record(latest(opened, key), Version.LATEST);
    }
    Found found = readAsOf(opened, key, asOf.toEpochMilli());
    return Version.record(found.version(), found.time());
  }

  private VersionedRecordIterator<byte[]> versions(
      byte[] key, long from, long to, ResultOrder order) {
    HostedTable opened = hosted();
    opened.requireOpen();
    long oldest = history.oldestLive();
    // A version ends behind the first moment that is asked for, or it does not end at all.
    long firstEnd =
        to < oldest ? Version.LATEST : Math.min(Math.max(from, oldest), Version.LATEST - 1) + 1;
    return new VersionIterator(opened, key, TimeRange.closed(firstEnd, Version.LATEST), to, order);
  }

  /**
   * This store: every version is committed as soon as it is written. Part of {@code
   * ReadOnlyKeyValueStore} from Kafka Streams 4.4 on.
   */
  public TimelogVersionedStore readOnly(IsolationLevel isolationLevel) {
    Objects.requireNonNull(isolationLevel, "isolationLevel");
    return this;
  }

  @Override
  public void put(Bytes key, byte[] value) {
    throw notVersioned("put(key, value)");
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    throw notVersioned("putIfAbsent(key, value)");
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    throw notVersioned("putAll(entries)");
  }

  @Override
  public byte[] delete(Bytes key) {
    throw notVersioned("delete(key)");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    throw notVersioned("range(from, to)");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
    throw notVersioned("reverseRange(from, to)");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw notVersioned("all()");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseAll() {
    throw notVersioned("reverseAll()");
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S prefixKeySerializer) {
    throw notVersioned("prefixScan(prefix, prefixKeySerializer)");
  }

  @Override
  public long approximateNumEntries() {
    return hosted().table().stats().sizeEstimate();
  }

  private UnsupportedOperationException notVersioned(String operation) {
    return new UnsupportedOperationException(
        "A versioned store has no "
            + operation
            + ", only the operations of VersionedKeyValueStore, which take a timestamp: store="
            + name());
  }
}
