package io.timelog.kafka.internal.eventlog;

import io.timelog.Cursor;
import io.timelog.PageSpans;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.eventlog.EventLogAggregateQuery;
import io.timelog.kafka.eventlog.EventLogCountQuery;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogKeyQuery;
import io.timelog.kafka.eventlog.EventLogRangeQuery;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.ChangelogWriter;
import io.timelog.kafka.internal.host.Committed;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.metrics.OperationMetrics;
import io.timelog.kafka.internal.metrics.StoreOperation;
import io.timelog.summary.Summarizer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event-log store that stands on a table of the engine and writes its own changelog.
 *
 * <p>It must be none of Kafka's kinds of store, or processors would be given a decorator of that
 * kind instead of it.
 */
final class TimelogEventLogStore<K, V> extends HostedStore implements EventLogStore<K, V> {
  /*
   * A write goes: serialize, look whether a changelog record can be written, change the table, move
   * the position, write the record. Whatever fails before the table has changed fails with nothing
   * changed. What fails after it is Kafka's producer, which ends the task, and the next one restores.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimelogEventLogStore.class);

  /** As a supplier of this store would name it; no supplier of Kafka's kinds could. */
  private static final String METRICS_SCOPE = "timelog-event-log";

  private final EventLogSettings<K, V> settings;
  private volatile @Nullable Opened<K, V> opened;

  TimelogEventLogStore(EventLogSettings<K, V> settings) {
    super(settings.name(), settings.kind());
    this.settings = settings;
  }

  /** What there is from {@code init} on. */
  private record Opened<K, V>(
      HostedTable hosted,
      EventLogTable table,
      Committed<Retention> committed,
      EntrySerdes<K, V> serdes,
      EventLogSummaries<V> summaries,
      OperationMetrics metrics,
      @Nullable ChangelogWriter changelog) {
    /** What a reader sees who may see what is not committed. */
    EventLogReads present() {
      return new EventLogReads(committed.present());
    }

    /** What a reader of the level sees. */
    Readings<Retention> at(IsolationLevel level) {
      return level == IsolationLevel.READ_COMMITTED ? committed : committed.present();
    }

    /**
     * Fails if the store is closed or could not log what is about to be written.
     *
     * @param bytes of keys and values about to be written
     */
    void beforeWrite(long bytes) {
      hosted.requireOpen();
      if (changelog != null) {
        changelog.check();
      }
      hosted.beforeWrite(bytes);
    }

    /** Begins a scan, which is timed from before its cursor is opened until it ends. */
    OpenScan begin(
        StoreOperation operation, IsolationLevel level, Function<EventLogReads, Cursor> opening) {
      long started = metrics.start(operation);
      Cursor cursor = at(level).read(from -> opening.apply(new EventLogReads(from)));
      return new OpenScan(hosted, cursor, () -> metrics.end(operation, started));
    }

    long count(IsolationLevel level, ToLongFunction<EventLogReads> counting) {
      long started = metrics.start(StoreOperation.COUNT);
      try {
        return at(level).<Long>read(from -> counting.applyAsLong(new EventLogReads(from)));
      } finally {
        metrics.end(StoreOperation.COUNT, started);
      }
    }

    <A> A aggregate(
        IsolationLevel level, byte[] key, TimeRange range, Summarizer<V, A> summarizer) {
      long started = metrics.start(StoreOperation.AGGREGATE);
      try {
        return at(level)
            .<A>read(from -> new EventLogReads(from).aggregate(key, range, summaries, summarizer));
      } finally {
        metrics.end(StoreOperation.AGGREGATE, started);
      }
    }

    void written(byte[] changelogKey, byte[] changelogValue) {
      hosted.advancePosition();
      if (changelog != null) {
        changelog.write(changelogKey, changelogValue, hosted.position());
      }
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    Serde<K> keys = serde(settings.keySerde(), context::keySerde);
    Serde<V> values = serde(settings.valueSerde(), context::valueSerde);
    HostedTable hosted =
        tableOf(
            EventLogTable.options(name(), settings.retentionMillis()),
            EventLogTable.layout(settings.retentionMillis()),
            context);
    Retention retention = Retention.ofEvents(settings.retentionMillis());
    EntrySerdes<K, V> serdes = new EntrySerdes<>(hosted, hosted.changelogTopic(), keys, values);
    EventLogSummaries<V> summaries =
        EventLogSummaries.of(
            hosted,
            name(),
            settings.summarizers(),
            new ValueCodec<>(serdes),
            settings.retentionMillis());
    EventLogTable table = new EventLogTable(hosted, retention, summaries);
    opened =
        new Opened<>(
            hosted,
            table,
            hosted.keepCommitted(retention, Retention::copy),
            serdes,
            summaries,
            hosted.timeOperations(METRICS_SCOPE),
            settings.logged() ? new ChangelogWriter(name(), context) : null);
    host(hosted);
    register(context, root, new EventLogRestore(table));
  }

  @SuppressWarnings("unchecked") // The application says of what type its serdes are.
  private static <T> Serde<T> serde(@Nullable Serde<T> own, Supplier<Serde<?>> ofTheApplication) {
    return own != null ? own : (Serde<T>) ofTheApplication.get();
  }

  private Opened<K, V> opened() {
    Opened<K, V> now = opened;
    if (now == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name());
    }
    return now;
  }

  @Override
  public boolean append(K key, long timestamp, V value) {
    Opened<K, V> to = opened();
    long started = to.metrics().start(StoreOperation.APPEND);
    try {
      return append(to, key, timestamp, value);
    } finally {
      to.metrics().end(StoreOperation.APPEND, started);
    }
  }

  private boolean append(Opened<K, V> to, K key, long timestamp, V value) {
    byte[] keyBytes = to.serdes().keyBytes(key);
    byte[] valueBytes = to.serdes().valueBytes(value);
    to.beforeWrite((long) keyBytes.length + valueBytes.length);
    boolean kept;
    try {
      kept = to.table().append(keyBytes, 0, keyBytes.length, timestamp, valueBytes);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Append failed", e);
    }
    if (!kept) {
      to.hosted().countDropped();
      to.hosted().advancePosition();
      LOG.warn(
          "Dropping an entry that is older than the retention of its store. store={}, task={},"
              + " timestamp={}, oldest={}",
          name(),
          to.hosted().task(),
          timestamp,
          to.table().oldestLive());
      return false;
    }
    to.written(
        to.changelog() == null ? keyBytes : EventLogChangelogFormat.entryKey(keyBytes, timestamp),
        valueBytes);
    return true;
  }

  @Override
  public void deleteBefore(long timestamp) {
    Opened<K, V> to = opened();
    long started = to.metrics().start(StoreOperation.DELETE_BEFORE);
    try {
      deleteBefore(to, timestamp);
    } finally {
      to.metrics().end(StoreOperation.DELETE_BEFORE, started);
    }
  }

  private static void deleteBefore(Opened<?, ?> to, long timestamp) {
    to.beforeWrite(0);
    boolean anythingSoOld;
    try {
      anythingSoOld = to.table().deleteBefore(timestamp);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Delete failed", e);
    }
    if (anythingSoOld) {
      to.written(
          EventLogChangelogFormat.controlKey(EventLogChangelogFormat.DELETE_BEFORE),
          EventLogChangelogFormat.cutoff(timestamp));
    } else {
      to.hosted().advancePosition();
    }
  }

  @Override
  public void deleteRange(TimeRange range) {
    Objects.requireNonNull(range, "range");
    Opened<K, V> to = opened();
    long started = to.metrics().start(StoreOperation.DELETE_RANGE);
    try {
      deleteRange(to, range);
    } finally {
      to.metrics().end(StoreOperation.DELETE_RANGE, started);
    }
  }

  private static void deleteRange(Opened<?, ?> to, TimeRange range) {
    to.beforeWrite(0);
    if (range.isEmpty()) {
      to.hosted().advancePosition();
      return;
    }
    try {
      to.table().deleteRange(range);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Delete failed", e);
    }
    to.written(
        EventLogChangelogFormat.controlKey(EventLogChangelogFormat.DELETE_RANGE),
        EventLogChangelogFormat.range(range));
  }

  @Override
  public void deleteRange(K key, TimeRange range) {
    Objects.requireNonNull(range, "range");
    Opened<K, V> to = opened();
    long started = to.metrics().start(StoreOperation.DELETE_RANGE);
    try {
      deleteRange(to, key, range);
    } finally {
      to.metrics().end(StoreOperation.DELETE_RANGE, started);
    }
  }

  private static <K> void deleteRange(Opened<K, ?> to, K key, TimeRange range) {
    byte[] keyBytes = to.serdes().keyBytes(key);
    to.beforeWrite(keyBytes.length);
    if (range.isEmpty()) {
      to.hosted().advancePosition();
      return;
    }
    try {
      to.table().deleteRange(keyBytes, range);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Delete failed", e);
    }
    to.written(EventLogChangelogFormat.deletedKey(keyBytes), EventLogChangelogFormat.range(range));
  }

  @Override
  public EventLogIterator<K, V> scan(K key, TimeRange range) {
    return scan(IsolationLevel.READ_UNCOMMITTED, key, range);
  }

  private EventLogIterator<K, V> scan(IsolationLevel level, K key, TimeRange range) {
    Opened<K, V> from = opened();
    return new CursorIterator<>(openScan(from, level, key, range), from.serdes(), key);
  }

  private OpenScan openScan(Opened<K, V> from, IsolationLevel level, K key, TimeRange range) {
    return from.begin(
        StoreOperation.SCAN, level, reads -> reads.scan(from.serdes().keyBytes(key), range));
  }

  @Override
  public EventLogIterator<K, V> scanBackward(K key, TimeRange range) {
    return scanBackward(IsolationLevel.READ_UNCOMMITTED, key, range);
  }

  private EventLogIterator<K, V> scanBackward(IsolationLevel level, K key, TimeRange range) {
    Opened<K, V> from = opened();
    return new CursorIterator<>(openScanBackward(from, level, key, range), from.serdes(), key);
  }

  private OpenScan openScanBackward(
      Opened<K, V> from, IsolationLevel level, K key, TimeRange range) {
    return from.begin(
        StoreOperation.SCAN,
        level,
        reads -> reads.scanBackward(from.serdes().keyBytes(key), range));
  }

  @Override
  public EventLogIterator<K, V> scanAll(TimeRange range) {
    return scanAll(IsolationLevel.READ_UNCOMMITTED, range);
  }

  private EventLogIterator<K, V> scanAll(IsolationLevel level, TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan = from.begin(StoreOperation.SCAN_ALL, level, reads -> reads.scanAll(range));
    return new CursorIterator<>(scan, from.serdes(), null);
  }

  @Override
  public EventLogIterator<K, V> scanAllBackward(TimeRange range) {
    return scanAllBackward(IsolationLevel.READ_UNCOMMITTED, range);
  }

  private EventLogIterator<K, V> scanAllBackward(IsolationLevel level, TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan =
        from.begin(StoreOperation.SCAN_ALL, level, reads -> reads.scanAllBackward(range));
    return new CursorIterator<>(scan, from.serdes(), null);
  }

  @Override
  public EventLogCursor<K, V> cursor(K key, TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan = openScan(from, IsolationLevel.READ_UNCOMMITTED, key, range);
    return new EntryCursor<>(scan, from.serdes(), key);
  }

  @Override
  public EventLogCursor<K, V> cursorBackward(K key, TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan = openScanBackward(from, IsolationLevel.READ_UNCOMMITTED, key, range);
    return new EntryCursor<>(scan, from.serdes(), key);
  }

  @Override
  public EventLogCursor<K, V> cursorAll(TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan =
        from.begin(
            StoreOperation.SCAN_ALL,
            IsolationLevel.READ_UNCOMMITTED,
            reads -> reads.scanAll(range));
    return new EntryCursor<>(scan, from.serdes(), null);
  }

  @Override
  public EventLogCursor<K, V> cursorAllBackward(TimeRange range) {
    Opened<K, V> from = opened();
    OpenScan scan =
        from.begin(
            StoreOperation.SCAN_ALL,
            IsolationLevel.READ_UNCOMMITTED,
            reads -> reads.scanAllBackward(range));
    return new EntryCursor<>(scan, from.serdes(), null);
  }

  @Override
  public PageSpans<V> pageSpans(K key, TimeRange range) {
    Opened<K, V> from = opened();
    byte[] keyBytes = from.serdes().keyBytes(key);
    return from.present().pageSpans(keyBytes, range, new ValueCodec<>(from.serdes()));
  }

  @Override
  public void flushToPages() {
    Opened<K, V> to = opened();
    try {
      to.hosted().flush();
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Flush failed", e);
    }
  }

  @Override
  public long count(K key, TimeRange range) {
    return count(IsolationLevel.READ_UNCOMMITTED, key, range);
  }

  private long count(IsolationLevel level, K key, TimeRange range) {
    Opened<K, V> from = opened();
    byte[] keyBytes = from.serdes().keyBytes(key);
    return from.count(level, reads -> reads.count(keyBytes, range));
  }

  @Override
  public long count(TimeRange range) {
    return count(IsolationLevel.READ_UNCOMMITTED, range);
  }

  private long count(IsolationLevel level, TimeRange range) {
    return opened().count(level, reads -> reads.count(range));
  }

  @Override
  public <A> A aggregate(K key, TimeRange range, Summarizer<V, A> summarizer) {
    return aggregate(IsolationLevel.READ_UNCOMMITTED, key, range, summarizer);
  }

  private <A> A aggregate(
      IsolationLevel level, K key, TimeRange range, Summarizer<V, A> summarizer) {
    Opened<K, V> from = opened();
    return from.aggregate(level, from.serdes().keyBytes(key), range, summarizer);
  }

  @Override
  public OptionalLong minTimestamp() {
    return opened().present().minTimestamp();
  }

  @Override
  public OptionalLong maxTimestamp() {
    return opened().present().maxTimestamp();
  }

  @Override
  @SuppressWarnings("unchecked") // Who asks knows the types of keys and values.
  protected @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level) {
    if (query instanceof EventLogKeyQuery<?, ?> ofKey) {
      K key = (K) ofKey.key();
      return QueryResult.forResult(
          switch (ofKey.order()) {
            case OLDEST_FIRST -> scan(level, key, ofKey.range());
            case NEWEST_FIRST -> scanBackward(level, key, ofKey.range());
          });
    }
    if (query instanceof EventLogRangeQuery<?, ?> ofAll) {
      return QueryResult.forResult(
          switch (ofAll.order()) {
            case OLDEST_FIRST -> scanAll(level, ofAll.range());
            case NEWEST_FIRST -> scanAllBackward(level, ofAll.range());
          });
    }
    if (query instanceof EventLogCountQuery<?> count) {
      return QueryResult.forResult(
          count.key().isPresent()
              ? count(level, (K) count.key().get(), count.range())
              : count(level, count.range()));
    }
    if (query instanceof EventLogAggregateQuery<?, ?, ?> aggregate) {
      return QueryResult.forResult(
          aggregate(
              level,
              (K) aggregate.key(),
              aggregate.range(),
              (Summarizer<V, ?>) aggregate.summarizer()));
    }
    return null;
  }
}
