package io.timelog.kafka.internal.versioned;

import io.timelog.Cursor;
import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.Committed;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.host.StoreKind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
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
  private volatile @Nullable Opened opened;

  TimelogVersionedStore(String name, long historyRetentionMillis, StoreKind kind) {
    super(name, kind);
    this.historyRetentionMillis = historyRetentionMillis;
  }

  /** What there is from {@code init} on. */
  private record Opened(HostedTable hosted, Retention history, Committed<Retention> committed) {
    Contents<Retention> present() {
      return committed.present();
    }

    Readings<Retention> at(IsolationLevel level) {
      return level == IsolationLevel.READ_COMMITTED ? committed : present();
    }

    void observe(long timestamp) {
      if (history.observe(timestamp)) {
        hosted.table().deleteBefore(history.oldestKept());
      }
    }
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name());
    }
    return now;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    long partitionMillis = Retention.partitionMillisFor(historyRetentionMillis);
    TableOptions options =
        TableOptions.map(name())
            .windowSize(partitionMillis, 0)
            .lateEntries(LateEntries.REFUSE)
            .build();
    HostedTable hosted =
        tableOf(options, "versions, partitions of " + partitionMillis + " ms", context);
    Retention history = Retention.ofHistory(historyRetentionMillis);
    hosted.remembered().forEach(history::observe);
    hosted.remember(() -> List.of(history.newest()));
    opened = new Opened(hosted, history, hosted.keepCommitted(history, Retention::copy));
    host(hosted);
    register(context, root, this::restore);
  }

  @Override
  public long put(Bytes key, byte @Nullable [] value, long timestamp) {
    byte[] keyBytes = bytes(key);
    Opened to = opened();
    checkTimestamp(to.hosted(), timestamp);
    to.hosted().requireOpen();
    to.hosted().beforeWrite(keyBytes.length + (value == null ? 0 : value.length));
    if (isExpired(to, timestamp, "put")) {
      to.hosted().advancePosition();
      return VersionedKeyValueStore.PUT_RETURN_CODE_NOT_PUT;
    }
    long validTo = observeAndWrite(to, keyBytes, value, timestamp);
    to.hosted().advancePosition();
    return validTo;
  }

  @Override
  public byte @Nullable [] delete(Bytes key, long timestamp) {
    byte[] keyBytes = bytes(key);
    Opened to = opened();
    checkTimestamp(to.hosted(), timestamp);
    to.hosted().requireOpen();
    to.hosted().beforeWrite(keyBytes.length);
    if (isExpired(to, timestamp, "delete")) {
      to.hosted().advancePosition();
      return null;
    }
    byte[] deleted = asOf(to.present(), keyBytes, timestamp).version();
    observeAndWrite(to, keyBytes, null, timestamp);
    to.hosted().advancePosition();
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

  private boolean isExpired(Opened to, long timestamp, String operation) {
    long oldest = to.history().oldestLive();
    if (timestamp >= oldest) {
      return false;
    }
    to.hosted().countDropped();
    LOG.warn(
        "Skipping record for expired {}. store={}, task={}, timestamp={}, oldest={}",
        operation,
        name(),
        to.hosted().task(),
        timestamp,
        oldest);
    return true;
  }

  private static long observeAndWrite(
      Opened to, byte[] key, byte @Nullable [] value, long timestamp) {
    try {
      long validTo = write(to.hosted().table(), key, value, timestamp);
      // Behind the write: one that is refused must not have let anything expire.
      to.observe(timestamp);
      return validTo;
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Put failed", e);
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
    Opened to = opened();
    if (record.timestamp() >= to.history().oldestLive()) {
      write(to.hosted().table(), record.key(), record.value(), record.timestamp());
      to.observe(record.timestamp());
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
    return latest(opened().present(), bytes(key));
  }

  @Override
  public byte @Nullable [] get(Bytes key, long asOfTimestamp) {
    return asOf(opened().present(), bytes(key), asOfTimestamp).version();
  }

  private static byte @Nullable [] latest(Contents<Retention> from, byte[] key) {
    TableReader table = from.table().reader();
    try {
      return table.get(key, Version.LATEST);
    } catch (IllegalStateException e) {
      throw from.table().unlessClosed(e);
    }
  }

  private static Found asOf(Contents<Retention> from, byte[] key, long timestamp) {
    TableReader table = from.table().reader();
    try {
      return asOf(table, from.state(), key, timestamp);
    } catch (IllegalStateException e) {
      throw from.table().unlessClosed(e);
    }
  }

  private static Found asOf(TableReader table, Retention history, byte[] key, long timestamp) {
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
  protected @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level) {
    if (query instanceof VersionedKeyQuery<?, ?> one) {
      byte[] key = bytes((Bytes) one.key());
      Instant asOf = one.asOfTimestamp().orElse(null);
      return QueryResult.forResult(opened().at(level).read(from -> record(from, key, asOf)));
    }
    if (query instanceof MultiVersionedKeyQuery<?, ?> many) {
      return QueryResult.forResult(
          versions(
              opened(),
              level,
              bytes((Bytes) many.key()),
              many.fromTime().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
              many.toTime().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE),
              many.resultOrder()));
    }
    return null;
  }

  private static @Nullable VersionedRecord<byte[]> record(
      Contents<Retention> from, byte[] key, @Nullable Instant asOf) {
    if (asOf == null) {
      return Version.record(latest(from, key), Version.LATEST);
    }
    Found found = asOf(from, key, asOf.toEpochMilli());
    return Version.record(found.version(), found.time());
  }

  private static VersionedRecordIterator<byte[]> versions(
      Opened opened, IsolationLevel level, byte[] key, long first, long last, ResultOrder order) {
    opened.hosted().requireOpen();
    return new VersionIterator(
        opened.hosted(),
        () -> opened.at(level).read(from -> ending(from, key, firstEnd(from, first, last), order)),
        last,
        order);
  }

  /** A version ends behind the first moment that is asked for, or it does not end at all. */
  private static long firstEnd(Contents<Retention> from, long first, long last) {
    long oldest = from.state().oldestLive();
    return last < oldest
        ? Version.LATEST
        : Math.min(Math.max(first, oldest), Version.LATEST - 1) + 1;
  }

  private static Cursor ending(
      Contents<Retention> from, byte[] key, long firstEnd, ResultOrder order) {
    TimeRange ends = TimeRange.closed(firstEnd, Version.LATEST);
    return from.table()
        .<Cursor>read(
            order == ResultOrder.ASCENDING
                ? table -> table.scan(key, ends)
                : table -> table.scanBackward(key, ends));
  }

  /**
   * What was committed, if that is asked for and the application has transactional stores; else the
   * store itself. Part of {@code VersionedBytesStore} from Kafka Streams 4.4 on.
   */
  public VersionedBytesStore readOnly(IsolationLevel isolationLevel) {
    return readsCommitted(isolationLevel) ? new CommittedVersions(this) : this;
  }

  byte @Nullable [] committed(Bytes key) {
    return opened().committed().read(from -> latest(from, bytes(key)));
  }

  byte @Nullable [] committed(Bytes key, long asOfTimestamp) {
    return opened().committed().read(from -> asOf(from, bytes(key), asOfTimestamp).version());
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
