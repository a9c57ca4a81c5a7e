package io.timelog.kafka.internal.window;

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
import io.timelog.kafka.internal.host.WindowBounds;
import io.timelog.kafka.internal.scan.CacheOrder;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.Entries;
import io.timelog.kafka.internal.scan.KeyRange;
import io.timelog.kafka.internal.scan.KeyShapes;
import io.timelog.kafka.internal.scan.LazyScan;
import io.timelog.kafka.internal.scan.SegmentScan;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.HeadersBytesStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.TimestampedBytesStore;
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
sealed class TimelogWindowStore extends HostedStore implements WindowStore<Bytes, byte[]> {
  /*
   * What Kafka's layers above this one rely on:
   *
   * - The cache merges its own entries with those of an iterator and assumes for both the order
   *   segment, key, start. A segment is several partition windows of the table, whose scans by key
   *   are merged. A store for an aggregation that emits on close scans by start and says that a
   *   segment is a millisecond, so that the same holds for it.
   * - The change-logging layer asks for the position at every write and never for null.
   * - An aggregation expects a window to be gone at the millisecond in which it expires, but nobody
   *   needs its memory back that fast. So reads are cut off at the oldest live start, and the table
   *   hears of it only when a whole partition window has passed, which it can drop without looking inside.
   */
  private static final Logger LOG = LoggerFactory.getLogger(TimelogWindowStore.class);

  private final WindowStoreSettings settings;
  private final SegmentScan.Cut cut;
  private volatile Retention retention;
  private volatile KeyShapes shapes = new KeyShapes();

  TimelogWindowStore(WindowStoreSettings settings) {
    super(settings.name(), settings.toldKind());
    this.settings = settings;
    this.cut = new SegmentScan.Cut(settings.partitionMillis(), settings.segmentMillis());
    this.retention = freshRetention();
  }

  /** One whose values begin with a timestamp, which Kafka Streams tells by the type. */
  static final class Timestamped extends TimelogWindowStore implements TimestampedBytesStore {
    Timestamped(WindowStoreSettings settings) {
      super(settings);
    }
  }

  /** One whose values begin with headers and a timestamp, which Kafka tells by the type, too. */
  static final class WithHeaders extends TimelogWindowStore
      implements TimestampedBytesStore, HeadersBytesStore {
    WithHeaders(WindowStoreSettings settings) {
      super(settings);
    }
  }

  private Retention freshRetention() {
    return new Retention(settings.retentionMillis(), settings.partitionMillis(), settings.expiry());
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    TableOptions.Builder options =
        switch (settings.duplicates()) {
          case REPLACED -> TableOptions.map(name());
          case RETAINED -> TableOptions.multimap(name());
        };
    options.windowSize(settings.partitionMillis(), 0).indexTime().lateEntries(LateEntries.REFUSE);
    HostedTable opened = HostedTable.open(options.build(), name(), context);
    retention = freshRetention();
    shapes = new KeyShapes();
    host(opened);
    register(context, root, records -> restore(opened, records));
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    if (deletesNothing(value)) {
      opened.advancePosition();
      return;
    }
    boolean kept = retention.admits(windowStart);
    try {
      if (kept) {
        write(table, key.get(), windowStart, value);
      }
      // Behind the write: one that is refused must not have let anything expire.
      observe(table, windowStart);
    } catch (TimelogException e) {
      throw opened.failure("Put failed", e);
    }
    if (!kept) {
      opened.countDropped();
      LOG.warn(
          "Skipping record for expired segment. store={}, task={}, windowStart={}, oldest={}",
          name(),
          opened.task(),
          windowStart,
          retention.oldestLive());
    }
    opened.advancePosition();
  }

  // The contract of a store that retains duplicates: a delete is skipped, and so moves no time.
  private boolean deletesNothing(byte @Nullable [] value) {
    return value == null && settings.duplicates() == Duplicates.RETAINED;
  }

  private void observe(Table table, long windowStart) {
    if (retention.observe(windowStart)) {
      table.deleteBefore(retention.oldestKept());
    }
  }

  private void write(Table table, byte[] key, long windowStart, byte @Nullable [] value) {
    shapes.observe(key, windowStart);
    switch (settings.duplicates()) {
      case REPLACED -> {
        if (value == null) {
          table.remove(key, windowStart);
        } else {
          table.put(key, windowStart, value);
        }
      }
      case RETAINED -> table.append(key, windowStart, Objects.requireNonNull(value));
    }
  }

  /*
   * A batch is looked through before anything of it is in the store. Stream time first goes to its
   * newest window. What that leaves behind was expired when the application stopped, or will be
   * before it goes on, and is skipped by its key alone.
   */
  private void restore(HostedTable opened, Collection<ConsumerRecord<byte[], byte[]>> records) {
    Table table = opened.table();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        WindowChangelogKey.recordKeyLength(record.key());
        settings.format().check(record.value());
      } catch (IllegalArgumentException e) {
        throw opened.restoreFailure(record, e);
      }
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        if (!deletesNothing(record.value())) {
          observe(table, WindowChangelogKey.windowStart(record.key()));
        }
      } catch (TimelogException e) {
        throw opened.restoreFailure(record, e);
      }
    }
    long oldestLiveStart = retention.oldestLive();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long windowStart = WindowChangelogKey.windowStart(record.key());
      if (windowStart >= oldestLiveStart && !deletesNothing(record.value())) {
        byte[] key = Arrays.copyOf(record.key(), WindowChangelogKey.recordKeyLength(record.key()));
        try {
          write(table, key, windowStart, record.value());
        } catch (TimelogException | IllegalArgumentException e) {
          throw opened.restoreFailure(record, e);
        }
      }
    }
  }

  @Override
  public byte @Nullable [] fetch(Bytes key, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    if (windowStart < retention.oldestLive()) {
      return null;
    }
    try {
      return switch (settings.duplicates()) {
        case REPLACED -> table.get(key.get(), windowStart);
        case RETAINED -> newest(table, key.get(), windowStart);
      };
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  private static byte @Nullable [] newest(TableReader table, byte[] key, long windowStart) {
    try (Cursor duplicates = table.scanBackward(key, TimeRange.at(windowStart))) {
      return duplicates.advance() ? duplicates.value() : null;
    }
  }

  @Override
  public WindowStoreIterator<byte[]> fetch(Bytes key, long timeFrom, long timeTo) {
    return starts(key, timeFrom, timeTo, Direction.FORWARD);
  }

  @Override
  public WindowStoreIterator<byte[]> backwardFetch(Bytes key, long timeFrom, long timeTo) {
    return starts(key, timeFrom, timeTo, Direction.BACKWARD);
  }

  private WindowStoreIterator<byte[]> starts(
      Bytes key, long timeFrom, long timeTo, Direction direction) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    HostedTable opened = hosted();
    return new StartIterator(
        scan(opened, starts -> ofKey(opened, bytes, starts, direction), timeFrom, timeTo));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    return windowed(KeyRange.of(keyFrom, keyTo), timeFrom, timeTo, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    return windowed(KeyRange.of(keyFrom, keyTo), timeFrom, timeTo, Direction.BACKWARD);
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

  // Kafka has no windows before the epoch or without room for an end.
  private KeyValueIterator<Windowed<Bytes>, byte[]> windowed(
      KeyRange keys, long timeFrom, long timeTo, Direction direction) {
    HostedTable opened = hosted();
    long firstStart = Math.max(timeFrom, 0);
    long lastStart = keys.isInverted() ? firstStart - 1 : Math.min(timeTo, WindowBounds.LAST_START);
    WindowedIterator windows =
        new WindowedIterator(
            scan(opened, starts -> ofKeys(opened, keys, starts, direction), firstStart, lastStart),
            settings.windowSizeMillis());
    return keys.isOneKey() || !shapes.areAmbiguous()
        ? windows
        : new CacheOrder(
            windows,
            window -> window.window().start() / settings.segmentMillis(),
            window -> WindowChangelogKey.of(window.key(), window.window().start()),
            direction);
  }

  private Entries ofKeys(HostedTable opened, KeyRange keys, TimeRange starts, Direction direction) {
    if (keys.isOneKey()) {
      return ofKey(opened, Objects.requireNonNull(keys.first()), starts, direction);
    }
    Table table = opened.table();
    return switch (settings.scanOrder()) {
      case KEY_IN_SEGMENT ->
          SegmentScan.of(
              opened,
              keys,
              starts.intersect(TimeRange.closed(0, retention.newest())),
              cut,
              direction);
      case START ->
          Entries.of(
              direction == Direction.FORWARD
                  ? table.scanAll(starts)
                  : table.scanAllBackward(starts),
              keys);
    };
  }

  private static Entries ofKey(
      HostedTable opened, byte[] key, TimeRange starts, Direction direction) {
    Table table = opened.table();
    return Entries.of(
        direction == Direction.FORWARD ? table.scan(key, starts) : table.scanBackward(key, starts));
  }

  private LazyScan scan(
      HostedTable opened, LazyScan.Opener opener, long firstStart, long lastStart) {
    opened.requireOpen();
    return new LazyScan(opened, retention::oldestLive, opener, firstStart, lastStart);
  }

  /**
   * The store itself, whatever the level: nothing in it waits for a commit. Part of {@code
   * ReadOnlyWindowStore} from Kafka Streams 4.4 on.
   */
  public ReadOnlyWindowStore<Bytes, byte[]> readOnly(IsolationLevel isolationLevel) {
    Objects.requireNonNull(isolationLevel, "isolationLevel");
    return this;
  }

  @Override
  protected @Nullable QueryResult<?> run(Query<?> query) {
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
}
