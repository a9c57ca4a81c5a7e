package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.ExpiringStore;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.host.WindowBounds;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.Entries;
import io.timelog.kafka.internal.scan.KeyRange;
import io.timelog.kafka.internal.scan.LazyScan;
import java.time.Instant;
import java.util.Arrays;
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

/**
 * A window store that stands on a table of the engine. Bounds of time are inclusive at both ends
 * and may be any {@code long}; null as a bound of a key range means unbounded.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed; they end when the store is closed.
 */
sealed class TimelogWindowStore extends ExpiringStore implements WindowStore<Bytes, byte[]> {
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
  private final WindowStoreSettings settings;

  TimelogWindowStore(WindowStoreSettings settings) {
    super(settings.name(), settings.toldKind(), settings.retention());
    this.settings = settings;
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

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open(
        context,
        switch (settings.duplicates()) {
          case REPLACED -> TableOptions.map(name());
          case RETAINED -> TableOptions.multimap(name());
        },
        "windows of " + settings.format() + " values, duplicates " + settings.duplicates());
    register(context, root, new Changelog());
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    Opened to = opened();
    Table table = to.hosted().table();
    to.hosted().beforeWrite(key.get().length + (value == null ? 0 : value.length));
    boolean idle = deletesNothing(value);
    boolean kept = idle || to.retention().admits(windowStart);
    if (!idle) {
      try {
        if (kept) {
          write(to, table, key.get(), windowStart, value);
        }
        // Behind the write: one that is refused must not have let anything expire.
        to.observe(windowStart);
      } catch (TimelogException | IllegalStateException e) {
        throw to.hosted().refusal("Put failed", e);
      }
    }
    written(to, kept, windowStart);
  }

  // The contract of a store that retains duplicates: a delete is skipped, and so moves no time.
  private boolean deletesNothing(byte @Nullable [] value) {
    return value == null && settings.duplicates() == Duplicates.RETAINED;
  }

  private void write(
      Opened to, Table table, byte[] key, long windowStart, byte @Nullable [] value) {
    to.shapes().observe(key, windowStart);
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

  private final class Changelog extends ExpiringChangelog {
    @Override
    public void check(ConsumerRecord<byte[], byte[]> record) {
      WindowChangelogKey.recordKeyLength(record.key());
      settings.format().check(record.value());
    }

    @Override
    protected boolean isIdle(ConsumerRecord<byte[], byte[]> record) {
      return deletesNothing(record.value());
    }

    @Override
    protected long time(byte[] changelogKey) {
      return WindowChangelogKey.windowStart(changelogKey);
    }

    @Override
    protected void write(Opened to, Table table, ConsumerRecord<byte[], byte[]> record) {
      byte[] key = Arrays.copyOf(record.key(), WindowChangelogKey.recordKeyLength(record.key()));
      TimelogWindowStore.this.write(to, table, key, time(record.key()), record.value());
    }
  }

  @Override
  public byte @Nullable [] fetch(Bytes key, long windowStart) {
    return fetch(opened().present(), key, windowStart);
  }

  byte @Nullable [] fetch(Contents<Retention> from, Bytes key, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    TableReader table = from.table().reader();
    if (windowStart < from.state().oldestLive()) {
      return null;
    }
    try {
      return switch (settings.duplicates()) {
        case REPLACED -> table.get(key.get(), windowStart);
        case RETAINED -> newest(table, key.get(), windowStart);
      };
    } catch (IllegalStateException e) {
      throw from.table().unlessClosed(e);
    }
  }

  private static byte @Nullable [] newest(TableReader table, byte[] key, long windowStart) {
    try (Cursor duplicates = table.scanBackward(key, TimeRange.at(windowStart))) {
      return duplicates.advance() ? duplicates.value() : null;
    }
  }

  @Override
  public WindowStoreIterator<byte[]> fetch(Bytes key, long timeFrom, long timeTo) {
    Opened from = opened();
    return starts(from, from.present(), key, timeFrom, timeTo, Direction.FORWARD);
  }

  @Override
  public WindowStoreIterator<byte[]> backwardFetch(Bytes key, long timeFrom, long timeTo) {
    Opened from = opened();
    return starts(from, from.present(), key, timeFrom, timeTo, Direction.BACKWARD);
  }

  static WindowStoreIterator<byte[]> starts(
      Opened opened,
      Readings<Retention> readings,
      Bytes key,
      long timeFrom,
      long timeTo,
      Direction direction) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    opened.hosted().requireOpen();
    return new StartIterator(
        LazyScan.of(
            opened.hosted(),
            readings,
            from -> ofKey(from, bytes, live(from, timeFrom, timeTo), direction)));
  }

  private static TimeRange live(Contents<Retention> from, long first, long last) {
    return TimeRange.closed(Math.max(first, from.state().oldestLive()), last);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    Opened from = opened();
    return windowed(
        from, from.present(), KeyRange.of(keyFrom, keyTo), timeFrom, timeTo, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long timeFrom, long timeTo) {
    Opened from = opened();
    return windowed(
        from, from.present(), KeyRange.of(keyFrom, keyTo), timeFrom, timeTo, Direction.BACKWARD);
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
  KeyValueIterator<Windowed<Bytes>, byte[]> windowed(
      Opened opened,
      Readings<Retention> readings,
      KeyRange keys,
      long timeFrom,
      long timeTo,
      Direction direction) {
    opened.hosted().requireOpen();
    long firstStart = Math.max(timeFrom, 0);
    long lastStart = keys.isInverted() ? firstStart - 1 : Math.min(timeTo, WindowBounds.LAST_START);
    WindowedIterator windows =
        new WindowedIterator(
            LazyScan.of(
                opened.hosted(),
                readings,
                from -> ofKeys(from, keys, live(from, firstStart, lastStart), direction)),
            settings.windowSizeMillis());
    return keys.isOneKey()
        ? windows
        : inCacheOrder(
            opened,
            windows,
            window -> window.window().start(),
            window -> WindowChangelogKey.of(window.key(), window.window().start()),
            direction);
  }

  private Entries ofKeys(
      Contents<Retention> from, KeyRange keys, TimeRange starts, Direction direction) {
    if (keys.isOneKey()) {
      return ofKey(from, Objects.requireNonNull(keys.first()), starts, direction);
    }
    return switch (settings.scanOrder()) {
      case KEY_IN_SEGMENT -> bySegment(from, keys, starts, direction);
      case START ->
          Entries.of(
              from.table()
                  .read(
                      direction == Direction.FORWARD
                          ? table -> table.scanAll(starts)
                          : table -> table.scanAllBackward(starts)),
              keys);
    };
  }

  /**
   * What was committed, if that is asked for and the application has transactional stores; else the
   * store itself. Part of {@code ReadOnlyWindowStore} from Kafka Streams 4.4 on.
   */
  public ReadOnlyWindowStore<Bytes, byte[]> readOnly(IsolationLevel isolationLevel) {
    return readsCommitted(isolationLevel) ? new CommittedWindows(this) : this;
  }

  @Override
  protected @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level) {
    Opened opened = opened();
    if (query instanceof WindowKeyQuery<?, ?> windows) {
      Instant from = windows.getTimeFrom().orElse(null);
      Instant to = windows.getTimeTo().orElse(null);
      return from == null || to == null
          ? needsBothEnds(query)
          : QueryResult.forResult(
              starts(
                  opened,
                  opened.at(level),
                  (Bytes) windows.getKey(),
                  from.toEpochMilli(),
                  to.toEpochMilli(),
                  Direction.FORWARD));
    }
    if (query instanceof WindowRangeQuery<?, ?> windows) {
      Instant from = windows.getTimeFrom().orElse(null);
      Instant to = windows.getTimeTo().orElse(null);
      return from == null || to == null
          ? needsBothEnds(query)
          : QueryResult.forResult(
              windowed(
                  opened,
                  opened.at(level),
                  KeyRange.all(),
                  from.toEpochMilli(),
                  to.toEpochMilli(),
                  Direction.FORWARD));
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
