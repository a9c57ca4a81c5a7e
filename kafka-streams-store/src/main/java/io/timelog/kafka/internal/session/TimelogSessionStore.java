package io.timelog.kafka.internal.session;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.ExpiringStore;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.Entries;
import io.timelog.kafka.internal.scan.KeyRange;
import io.timelog.kafka.internal.scan.LazyScan;
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
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.HeadersBytesStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlySessionStore;
import org.apache.kafka.streams.state.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * A session store that stands on a table of the engine. Bounds of time are inclusive at both ends
 * and may be any {@code long}; null as a bound of a key range means unbounded.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed; they end when the store is closed.
 */
sealed class TimelogSessionStore extends ExpiringStore implements SessionStore<Bytes, byte[]> {
  /*
   * A session is an entry of a map: its timestamp is the end of the session, its subkey the start.
   * So the sessions of a key that end from some time on, which is what every record of a session
   * aggregation asks for, are one scan of one key.
   *
   * Merging removes a session for nearly every record. In memory that takes a row out of its chunk
   * and leaves nothing behind to be stepped over.
   *
   * A store for an aggregation that emits on close differs in two ways, as Kafka's does: it takes a
   * session that ends exactly the retention behind stream time, and by time, though not by key, it
   * shows what has expired as long as it is in memory. The aggregation asks for sessions by time
   * when they have just expired.
   *
   * An iterator on a closed store is empty and not an error, and a changelog may be restored into a
   * store that was closed: both are Kafka's own contract of session stores.
   */
  private final SessionStoreSettings settings;

  TimelogSessionStore(SessionStoreSettings settings) {
    super(settings.name(), settings.kind(), settings.retention());
    this.settings = settings;
  }

  /** One whose aggregates begin with headers, which Kafka Streams tells by the type. */
  static final class WithHeaders extends TimelogSessionStore implements HeadersBytesStore {
    WithHeaders(SessionStoreSettings settings) {
      super(settings);
    }
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open(context);
    register(context, root, new Changelog(context));
  }

  private void open(StateStoreContext context) {
    open(context, TableOptions.map(name()), "sessions of " + settings.format() + " aggregates");
  }

  @Override
  public void put(Windowed<Bytes> session, byte @Nullable [] aggregate) {
    Objects.requireNonNull(session, "sessionKey cannot be null");
    Opened to = opened();
    Table table = to.hosted().table();
    to.hosted()
        .beforeWrite(session.key().get().length + (aggregate == null ? 0 : aggregate.length));
    long end = session.window().end();
    boolean kept = to.retention().admits(end);
    try {
      if (kept) {
        write(to, table, session.key().get(), session.window().start(), end, aggregate);
      }
      // Behind the write: one that is refused must not have let anything expire.
      to.observe(end);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Put failed", e);
    }
    written(to, kept, end);
  }

  @Override
  public void remove(Windowed<Bytes> session) {
    Objects.requireNonNull(session, "sessionKey cannot be null");
    Opened to = opened();
    Table table = to.hosted().table();
    to.hosted().beforeWrite(session.key().get().length);
    try {
      write(to, table, session.key().get(), session.window().start(), session.window().end(), null);
    } catch (TimelogException | IllegalStateException e) {
      throw to.hosted().refusal("Remove failed", e);
    }
    to.hosted().advancePosition();
  }

  private static void write(
      Opened to, Table table, byte[] key, long start, long end, byte @Nullable [] aggregate) {
    byte[] subkey = SessionStart.subkey(start);
    if (aggregate == null) {
      table.remove(key, end, subkey);
    } else {
      to.shapes().observe(key, end);
      table.put(key, end, subkey, aggregate);
    }
  }

  private final class Changelog extends ExpiringChangelog {
    private final StateStoreContext context;

    Changelog(StateStoreContext context) {
      this.context = context;
    }

    @Override
    public void begin(Collection<ConsumerRecord<byte[], byte[]>> batch) {
      if (!isOpen()) {
        open(context);
      }
    }

    @Override
    public void check(ConsumerRecord<byte[], byte[]> record) {
      SessionChangelogKey.check(record.key());
      settings.format().check(record.value());
    }

    @Override
    protected long time(byte[] changelogKey) {
      return SessionChangelogKey.end(changelogKey);
    }

    @Override
    protected void write(Opened to, Table table, ConsumerRecord<byte[], byte[]> record) {
      byte[] key = record.key();
      TimelogSessionStore.write(
          to,
          table,
          SessionChangelogKey.recordKey(key),
          SessionChangelogKey.start(key),
          SessionChangelogKey.end(key),
          record.value());
    }
  }

  @Override
  public byte @Nullable [] fetchSession(Bytes key, long sessionStart, long sessionEnd) {
    return fetchSession(opened().present(), key, sessionStart, sessionEnd);
  }

  static byte @Nullable [] fetchSession(
      Contents<Retention> from, Bytes key, long sessionStart, long sessionEnd) {
    Objects.requireNonNull(key, "key cannot be null");
    TableReader table = from.table().reader();
    if (sessionEnd < from.state().oldestUnexpired()) {
      return null;
    }
    try {
      return table.get(key.get(), sessionEnd, SessionStart.subkey(sessionStart));
    } catch (IllegalStateException e) {
      throw from.table().unlessClosed(e);
    }
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      Bytes key, long earliestSessionEnd, long latestSessionStart) {
    Opened from = opened();
    return ofKey(
        from, from.present(), key, earliestSessionEnd, latestSessionStart, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      Bytes key, long earliestSessionEnd, long latestSessionStart) {
    Opened from = opened();
    return ofKey(
        from, from.present(), key, earliestSessionEnd, latestSessionStart, Direction.BACKWARD);
  }

  static KeyValueIterator<Windowed<Bytes>, byte[]> ofKey(
      Opened opened,
      Readings<Retention> readings,
      Bytes key,
      long earliestEnd,
      long latestStart,
      Direction direction) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    return new SessionIterator(
        LazyScan.of(
            opened.hosted(),
            readings,
            from -> ofKey(from, bytes, live(from, earliestEnd, Long.MAX_VALUE), direction)),
        latestStart);
  }

  private static TimeRange live(Contents<Retention> from, long earliestEnd, long latestEnd) {
    return TimeRange.closed(Math.max(earliestEnd, from.state().oldestUnexpired()), latestEnd);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      long earliestSessionEnd,
      long latestSessionStart) {
    Opened from = opened();
    return ofKeys(
        from,
        from.present(),
        KeyRange.of(keyFrom, keyTo),
        earliestSessionEnd,
        latestSessionStart,
        Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      long earliestSessionEnd,
      long latestSessionStart) {
    Opened from = opened();
    return ofKeys(
        from,
        from.present(),
        KeyRange.of(keyFrom, keyTo),
        earliestSessionEnd,
        latestSessionStart,
        Direction.BACKWARD);
  }

  KeyValueIterator<Windowed<Bytes>, byte[]> ofKeys(
      Opened opened,
      Readings<Retention> readings,
      KeyRange keys,
      long earliestEnd,
      long latestStart,
      Direction direction) {
    byte[] first = keys.first();
    if (first != null && keys.isOneKey()) {
      return ofKey(opened, readings, Bytes.wrap(first), earliestEnd, latestStart, direction);
    }
    long latestEnd = keys.isInverted() ? Long.MIN_VALUE : Long.MAX_VALUE;
    return inCacheOrder(
        opened,
        new SessionIterator(
            LazyScan.of(
                opened.hosted(),
                readings,
                from -> bySegment(from, keys, live(from, earliestEnd, latestEnd), direction)),
            latestStart),
        session -> session.window().end(),
        SessionChangelogKey::of,
        direction);
  }

  /** {@inheritDoc} In the order of their ends. */
  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      long earliestSessionEnd, long latestSessionEnd) {
    Opened opened = opened();
    return new SessionIterator(
        LazyScan.of(
            opened.hosted(),
            opened.present(),
            from -> inTimeOrder(from, earliestSessionEnd, latestSessionEnd)),
        Long.MAX_VALUE);
  }

  private Entries inTimeOrder(Contents<Retention> from, long earliestEnd, long latestEnd) {
    TimeRange ends =
        settings.expiry() == Expiry.AT_RETENTION
            ? live(from, earliestEnd, latestEnd)
            : TimeRange.closed(Math.max(earliestEnd, 0), latestEnd);
    return Entries.of(from.table().<Cursor>read(table -> table.scanAll(ends)));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes key) {
    return findSessions(key, 0, Long.MAX_VALUE);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(Bytes key) {
    return backwardFindSessions(key, 0, Long.MAX_VALUE);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo) {
    return findSessions(keyFrom, keyTo, 0, Long.MAX_VALUE);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo) {
    return backwardFindSessions(keyFrom, keyTo, 0, Long.MAX_VALUE);
  }

  /**
   * What was committed, if that is asked for and the application has transactional stores; else the
   * store itself. Part of {@code ReadOnlySessionStore} from Kafka Streams 4.4 on.
   */
  public ReadOnlySessionStore<Bytes, byte[]> readOnly(IsolationLevel isolationLevel) {
    return readsCommitted(isolationLevel) ? new CommittedSessions(this) : this;
  }

  @Override
  protected @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level) {
    if (query instanceof WindowRangeQuery<?, ?> sessions) {
      Object key = sessions.getKey().orElse(null);
      return key == null
          ? QueryResult.forFailure(
              FailureReason.UNKNOWN_QUERY_TYPE,
              "A session store answers queries for the sessions of one key: query=" + query)
          : QueryResult.forResult(allOf((Bytes) key, level));
    }
    return null;
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> allOf(Bytes key, IsolationLevel level) {
    Opened opened = opened();
    return ofKey(opened, opened.at(level), key, 0, Long.MAX_VALUE, Direction.FORWARD);
  }
}
