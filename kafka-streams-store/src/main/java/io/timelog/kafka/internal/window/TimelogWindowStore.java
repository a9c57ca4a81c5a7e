package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.WindowBounds;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A window store that stands on a table of the engine. Bounds of time are inclusive at both ends
 * and may be any {@code long}; null as a bound of a key range means unbounded.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed; they end when the store is closed.
 */
sealed class TimelogWindowStore implements WindowStore<Bytes, byte[]>
    permits TimestampedTimelogWindowStore {
  /*
   * What Kafka's layers above this one rely on:
   *
   * - The cache merges its own entries with those of an iterator and assumes for both the order
   *   segment, key, start. The table scans by key in this order, because its partition windows are
   *   the segments.
   * - The change-logging layer asks for the position at every write and never for null.
   * - An aggregation expects a window to be gone at the millisecond in which it expires, but nobody
   *   needs its memory back that fast. So reads are cut off at the oldest live start, and the table
   *   hears of it only when a whole segment has passed, which it can drop without looking inside.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimelogWindowStore.class);

  private final WindowStoreSupplier settings;
  private volatile Retention retention;
  private volatile @Nullable HostedTable hosted;

  TimelogWindowStore(WindowStoreSupplier settings) {
    this.settings = settings;
    this.retention = freshRetention();
  }

  private Retention freshRetention() {
    return new Retention(settings.retentionPeriod(), settings.segmentIntervalMs());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    TableOptions.Builder options =
        switch (settings.duplicates()) {
          case REPLACED -> TableOptions.map(name());
          case RETAINED -> TableOptions.multimap(name());
        };
    options.windowSize(settings.segmentIntervalMs(), 0).lateEntries(LateEntries.REFUSE);
    HostedTable opened = HostedTable.open(options.build(), name(), context);
    retention = freshRetention();
    hosted = opened;
    opened.register(root, records -> restore(opened, records));
  }

  private HostedTable hosted() {
    HostedTable opened = hosted;
    if (opened == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name());
    }
    return opened;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    try {
      observe(table, windowStart);
      if (windowStart >= retention.oldestLiveStart()) {
        write(table, key.get(), windowStart, value);
      } else {
        opened.countDropped();
        LOG.warn(
            "Skipping record for expired segment. store={}, task={}, windowStart={}, oldest={}",
            name(),
            opened.task(),
            windowStart,
            retention.oldestLiveStart());
      }
    } catch (TimelogException e) {
      throw opened.failure("Put failed", e);
    }
    opened.advancePosition();
  }

  private void observe(Table table, long windowStart) {
    if (retention.observe(windowStart)) {
      table.deleteBefore(retention.oldestLiveSegmentStart());
    }
  }

  private void write(Table table, byte[] key, long windowStart, byte @Nullable [] value) {
    switch (settings.duplicates()) {
      case REPLACED -> {
        if (value == null) {
          table.remove(key, windowStart);
        } else {
          table.put(key, windowStart, value);
        }
      }
      case RETAINED -> {
        if (value != null) {
          table.append(key, windowStart, value);
        }
      }
    }
  }

  /*
   * Stream time first goes to the newest window of the batch. What that leaves behind was expired
   * when the application stopped, or will be before it goes on, and is skipped by its key alone.
   */
  private void restore(HostedTable opened, Collection<ConsumerRecord<byte[], byte[]>> records) {
    Table table = opened.table();
    try {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        observe(table, WindowChangelogKey.windowStart(record.key()));
      }
      long oldestLiveStart = retention.oldestLiveStart();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        long windowStart = WindowChangelogKey.windowStart(record.key());
        if (windowStart >= oldestLiveStart) {
          byte[] key =
              Arrays.copyOf(record.key(), WindowChangelogKey.recordKeyLength(record.key()));
          write(table, key, windowStart, record.value());
        }
      }
    } catch (TimelogException | IllegalArgumentException e) {
      throw opened.failure("Restore from the changelog failed", e);
    }
  }

  @Override
  public byte @Nullable [] fetch(Bytes key, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    Table table = hosted().table();
    if (windowStart < retention.oldestLiveStart()) {
      return null;
    }
    return switch (settings.duplicates()) {
      case REPLACED -> table.get(key.get(), windowStart);
      case RETAINED -> newest(table, key.get(), windowStart);
    };
  }

  private static byte @Nullable [] newest(TableReader table, byte[] key, long windowStart) {
    try (Cursor duplicates = table.scanBackward(key, TimeRange.at(windowStart))) {
      return duplicates.advance() ? duplicates.value() : null;
    }
  }

  @Override
  public WindowStoreIterator<byte[]> fetch(Bytes key, long timeFrom, long timeTo) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    return new StartIterator(scan((table, starts) -> table.scan(bytes, starts), timeFrom, timeTo));
  }

  @Override
  public WindowStoreIterator<byte[]> backwardFetch(Bytes key, long timeFrom, long timeTo) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    return new StartIterator(
        scan((table, starts) -> table.scanBackward(bytes, starts), timeFrom, timeTo));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    byte @Nullable [] first = bytes(keyFrom);
    byte @Nullable [] last = bytes(keyTo);
    return windowed(
        keyFrom,
        keyTo,
        first != null && Arrays.equals(first, last)
            ? (table, starts) -> table.scan(first, starts)
            : (table, starts) -> table.scanByKey(first, last, starts),
        timeFrom,
        timeTo);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    byte @Nullable [] first = bytes(keyFrom);
    byte @Nullable [] last = bytes(keyTo);
    return windowed(
        keyFrom,
        keyTo,
        first != null && Arrays.equals(first, last)
            ? (table, starts) -> table.scanBackward(first, starts)
            : (table, starts) -> table.scanByKeyBackward(first, last, starts),
        timeFrom,
        timeTo);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long timeFrom, long timeTo) {
    return fetch(null, null, timeFrom, timeTo);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetchAll(long timeFrom, long timeTo) {
    return backwardFetch(null, null, timeFrom, timeTo);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
    return fetchAll(0, Long.MAX_VALUE);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardAll() {
    return backwardFetchAll(0, Long.MAX_VALUE);
  }

  private static byte @Nullable [] bytes(@Nullable Bytes key) {
    return key == null ? null : key.get();
  }

  // Kafka has no windows before the epoch or without room for an end.
  private KeyValueIterator<Windowed<Bytes>, byte[]> windowed(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      LazyScan.Opener opener,
      long timeFrom,
      long timeTo) {
    long firstStart = Math.max(timeFrom, 0);
    long lastStart = Math.min(timeTo, WindowBounds.LAST_START);
    if (keyFrom != null && keyTo != null && keyFrom.compareTo(keyTo) > 0) {
      LOG.warn(
          "Returning empty iterator for fetch with invalid key range: from > to. This may be due to"
              + " range arguments set in the wrong order, or serdes that don't preserve ordering"
              + " when lexicographically comparing the serialized bytes. Note that the built-in"
              + " numerical serdes do not follow this for negative numbers");
      lastStart = firstStart - 1;
    }
    return new WindowedIterator(scan(opener, firstStart, lastStart), settings.windowSize());
  }

  private LazyScan scan(LazyScan.Opener opener, long firstStart, long lastStart) {
    HostedTable opened = hosted();
    opened.table();
    return new LazyScan(opened, retention, opener, firstStart, lastStart);
  }

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    HostedTable opened = hosted;
    return opened == null
        ? QueryResult.forFailure(
            FailureReason.STORE_EXCEPTION, "Store is not initialized: store=" + name())
        : opened.answer(query, bound, config, this, this::run);
  }

  private @Nullable QueryResult<?> run(Query<?> query) {
    if (query instanceof WindowKeyQuery<?, ?> windows) {
      Instant from = windows.getTimeFrom().orElse(null);
      Instant to = windows.getTimeTo().orElse(null);
      return from == null || to == null
          ? needsBothEnds(query)
          : QueryResult.forResult(
              fetch((Bytes) windows.getKey(), from.toEpochMilli(), to.toEpochMilli()));
    }
    if (query instanceof WindowRangeQuery<?, ?> windows) {
      Instant from = windows.getTimeFrom().orElse(null);
      Instant to = windows.getTimeTo().orElse(null);
      return from == null || to == null
          ? needsBothEnds(query)
          : QueryResult.forResult(fetchAll(from.toEpochMilli(), to.toEpochMilli()));
    }
    return null;
  }

  private static QueryResult<?> needsBothEnds(Query<?> query) {
    return QueryResult.forFailure(
        FailureReason.UNKNOWN_QUERY_TYPE,
        "A window store answers queries that give the first and the last window start: query="
            + query);
  }

  @Override
  public Position getPosition() {
    HostedTable opened = hosted;
    return opened == null ? Position.emptyPosition() : opened.position();
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    hosted().commit(changelogOffsets);
  }

  @Override
  public @Nullable Long committedOffset(TopicPartition partition) {
    HostedTable opened = hosted;
    return opened == null ? null : opened.committedOffset(partition);
  }

  @Override
  @SuppressWarnings("deprecation") // Until Kafka assumes it of every store.
  public boolean managesOffsets() {
    return true;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public boolean isOpen() {
    HostedTable opened = hosted;
    return opened != null && opened.isOpen();
  }

  @Override
  public void close() {
    HostedTable opened = hosted;
    if (opened != null) {
      opened.close();
    }
  }
}
