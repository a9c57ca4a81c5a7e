package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.ExpiringStore;
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
        });
    register(context, root, new Changelog());
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value, long windowStart) {
    Objects.requireNonNull(key, "key cannot be null");
    Opened to = opened();
    Table table = to.hosted().table();
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
    Objects.requireNonNull(key, "key cannot be null");
    Opened from = opened();
    Table table = from.hosted().table();
    if (windowStart < from.retention().oldestLive()) {
      return null;
    }
    try {
      return switch (settings.duplicates()) {
        case REPLACED -> table.get(key.get(), windowStart);
        case RETAINED -> newest(table, key.get(), windowStart);
      };
    } catch (IllegalStateException e) {
      throw from.hosted().unlessClosed(e);
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
    Opened from = opened();
    return new StartIterator(
        scan(from, starts -> ofKey(from, bytes, starts, direction), timeFrom, timeTo));
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
    Opened from = opened();
    long firstStart = Math.max(timeFrom, 0);
    long lastStart = keys.isInverted() ? firstStart - 1 : Math.min(timeTo, WindowBounds.LAST_START);
    WindowedIterator windows =
        new WindowedIterator(
            scan(from, starts -> ofKeys(from, keys, starts, direction), firstStart, lastStart),
            settings.windowSizeMillis());
    return keys.isOneKey()
        ? windows
        : inCacheOrder(
            from,
            windows,
            window -> window.window().start(),
            window -> WindowChangelogKey.of(window.key(), window.window().start()),
            direction);
  }

  private Entries ofKeys(Opened from, KeyRange keys, TimeRange starts, Direction direction) {
    if (keys.isOneKey()) {
      return ofKey(from, Objects.requireNonNull(keys.first()), starts, direction);
    }
    return switch (settings.scanOrder()) {
      case KEY_IN_SEGMENT -> bySegment(from, keys, starts, direction);
      case START ->
          Entries.of(
              from.hosted()
                  .read(
                      direction == Direction.FORWARD
                          ? table -> table.scanAll(starts)
                          : table -> table.scanAllBackward(starts)),
              keys);
    };
  }

  private static LazyScan scan(Opened from, LazyScan.Opener opener, long first, long last) {
    from.hosted().requireOpen();
    return new LazyScan(from.hosted(), from.retention()::oldestLive, opener, first, last);
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
