package io.timelog.kafka.internal.session;

import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.scan.CacheOrder;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.Entries;
import io.timelog.kafka.internal.scan.KeyRange;
import io.timelog.kafka.internal.scan.KeyShapes;
import io.timelog.kafka.internal.scan.LazyScan;
import io.timelog.kafka.internal.scan.SegmentScan;
import java.util.Collection;
import java.util.Objects;
import java.util.function.LongSupplier;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session store that stands on a table of the engine. Bounds of time are inclusive at both ends
 * and may be any {@code long}; null as a bound of a key range means unbounded.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed; they end when the store is closed.
 */
sealed class TimelogSessionStore extends HostedStore implements SessionStore<Bytes, byte[]> {
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
  private static final Logger LOG = LoggerFactory.getLogger(TimelogSessionStore.class);

  private final SessionStoreSettings settings;
  private final SegmentScan.Cut cut;
  private volatile Retention retention;
  private volatile KeyShapes shapes = new KeyShapes();

  TimelogSessionStore(SessionStoreSettings settings) {
    super(settings.name(), settings.kind());
    this.settings = settings;
    this.cut = new SegmentScan.Cut(settings.partitionMillis(), settings.segmentMillis());
    this.retention = freshRetention();
  }

  /** One whose aggregates begin with headers, which Kafka Streams tells by the type. */
  static final class WithHeaders extends TimelogSessionStore implements HeadersBytesStore {
    WithHeaders(SessionStoreSettings settings) {
      super(settings);
    }
  }

  private Retention freshRetention() {
    return new Retention(settings.retentionMillis(), settings.partitionMillis(), settings.expiry());
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open(context);
    register(
        context,
        root,
        records -> {
          if (!isOpen()) {
            open(context);
          }
          restore(records);
        });
  }

  private void open(StateStoreContext context) {
    TableOptions options =
        TableOptions.map(name())
            .windowSize(settings.partitionMillis(), 0)
            .indexTime()
            .lateEntries(LateEntries.REFUSE)
            .build();
    HostedTable opened = HostedTable.open(options, name(), context);
    retention = freshRetention();
    shapes = new KeyShapes();
    host(opened);
  }

  @Override
  public void put(Windowed<Bytes> session, byte @Nullable [] aggregate) {
    Objects.requireNonNull(session, "sessionKey cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    long end = session.window().end();
    boolean kept = retention.admits(end);
    try {
      if (kept) {
        write(table, session.key().get(), session.window().start(), end, aggregate);
      }
      // Behind the write: one that is refused must not have let anything expire.
      observe(table, end);
    } catch (TimelogException e) {
      throw opened.failure("Put failed", e);
    }
    if (!kept) {
      opened.countDropped();
      LOG.warn(
          "Skipping record for expired segment. store={}, task={}, sessionEnd={}, oldest={}",
          name(),
          opened.task(),
          end,
          retention.oldestLive());
    }
    opened.advancePosition();
  }

  @Override
  public void remove(Windowed<Bytes> session) {
    Objects.requireNonNull(session, "sessionKey cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    try {
      write(table, session.key().get(), session.window().start(), session.window().end(), null);
    } catch (TimelogException e) {
      throw opened.failure("Remove failed", e);
    }
    opened.advancePosition();
  }

  private void observe(Table table, long end) {
    if (retention.observe(end)) {
      table.deleteBefore(retention.oldestKept());
    }
  }

  private void write(Table table, byte[] key, long start, long end, byte @Nullable [] aggregate) {
    byte[] subkey = SessionStart.subkey(start);
    if (aggregate == null) {
      table.remove(key, end, subkey);
    } else {
      shapes.observe(key, end);
      table.put(key, end, subkey, aggregate);
    }
  }

  /*
   * A batch is looked through before anything of it is in the store. Stream time first goes to its
   * newest session. What that leaves behind was expired when the application stopped, or will be
   * before it goes on, and is skipped by its key alone.
   */
  private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
    HostedTable opened = hosted();
    Table table = opened.table();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        SessionChangelogKey.check(record.key());
        settings.format().check(record.value());
      } catch (IllegalArgumentException e) {
        throw opened.restoreFailure(record, e);
      }
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        observe(table, SessionChangelogKey.end(record.key()));
      } catch (TimelogException e) {
        throw opened.restoreFailure(record, e);
      }
    }
    long oldest = retention.oldestLive();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long end = SessionChangelogKey.end(record.key());
      if (end >= oldest) {
        try {
          write(
              table,
              SessionChangelogKey.recordKey(record.key()),
              SessionChangelogKey.start(record.key()),
              end,
              record.value());
        } catch (TimelogException | IllegalArgumentException e) {
          throw opened.restoreFailure(record, e);
        }
      }
    }
  }

  @Override
  public byte @Nullable [] fetchSession(Bytes key, long sessionStart, long sessionEnd) {
    Objects.requireNonNull(key, "key cannot be null");
    HostedTable opened = hosted();
    Table table = opened.table();
    if (sessionEnd < retention.oldestUnexpired()) {
      return null;
    }
    try {
      return table.get(key.get(), sessionEnd, SessionStart.subkey(sessionStart));
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      Bytes key, long earliestSessionEnd, long latestSessionStart) {
    return ofKey(key, earliestSessionEnd, latestSessionStart, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      Bytes key, long earliestSessionEnd, long latestSessionStart) {
    return ofKey(key, earliestSessionEnd, latestSessionStart, Direction.BACKWARD);
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> ofKey(
      Bytes key, long earliestEnd, long latestStart, Direction direction) {
    byte[] bytes = Objects.requireNonNull(key, "key cannot be null").get();
    HostedTable opened = hosted();
    return live(
        opened,
        ends -> {
          Table table = opened.table();
          return Entries.of(
              direction == Direction.FORWARD
                  ? table.scan(bytes, ends)
                  : table.scanBackward(bytes, ends));
        },
        earliestEnd,
        Long.MAX_VALUE,
        latestStart);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      long earliestSessionEnd,
      long latestSessionStart) {
    return ofKeys(
        KeyRange.of(keyFrom, keyTo), earliestSessionEnd, latestSessionStart, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      long earliestSessionEnd,
      long latestSessionStart) {
    return ofKeys(
        KeyRange.of(keyFrom, keyTo), earliestSessionEnd, latestSessionStart, Direction.BACKWARD);
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> ofKeys(
      KeyRange keys, long earliestEnd, long latestStart, Direction direction) {
    byte[] first = keys.first();
    if (first != null && keys.isOneKey()) {
      return ofKey(Bytes.wrap(first), earliestEnd, latestStart, direction);
    }
    HostedTable opened = hosted();
    long latestEnd = keys.isInverted() ? Long.MIN_VALUE : Long.MAX_VALUE;
    KeyValueIterator<Windowed<Bytes>, byte[]> sessions =
        live(
            opened,
            ends ->
                SegmentScan.of(
                    opened,
                    keys,
                    ends.intersect(TimeRange.closed(0, retention.newest())),
                    cut,
                    direction),
            earliestEnd,
            latestEnd,
            latestStart);
    return shapes.areAmbiguous()
        ? new CacheOrder(
            sessions,
            session -> session.window().end() / settings.segmentMillis(),
            SessionChangelogKey::of,
            direction)
        : sessions;
  }

  /** {@inheritDoc} In the order of their ends. */
  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      long earliestSessionEnd, long latestSessionEnd) {
    HostedTable opened = hosted();
    Retention current = retention;
    return sessions(
        opened,
        settings.expiry() == Expiry.AT_RETENTION ? current::oldestUnexpired : () -> 0,
        ends -> Entries.of(opened.table().scanAll(ends)),
        earliestSessionEnd,
        latestSessionEnd,
        Long.MAX_VALUE);
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

  private KeyValueIterator<Windowed<Bytes>, byte[]> live(
      HostedTable opened,
      LazyScan.Opener opener,
      long earliestEnd,
      long latestEnd,
      long latestStart) {
    return sessions(
        opened, retention::oldestUnexpired, opener, earliestEnd, latestEnd, latestStart);
  }

  private static KeyValueIterator<Windowed<Bytes>, byte[]> sessions(
      HostedTable opened,
      LongSupplier oldest,
      LazyScan.Opener opener,
      long earliestEnd,
      long latestEnd,
      long latestStart) {
    return new SessionIterator(
        new LazyScan(opened, oldest, opener, earliestEnd, latestEnd), latestStart);
  }

  /**
   * The store itself, whatever the level: nothing in it waits for a commit. Part of {@code
   * ReadOnlySessionStore} from Kafka Streams 4.4 on.
   */
  public ReadOnlySessionStore<Bytes, byte[]> readOnly(IsolationLevel isolationLevel) {
    Objects.requireNonNull(isolationLevel, "isolationLevel");
    return this;
  }

  @Override
  protected @Nullable QueryResult<?> run(Query<?> query) {
    if (query instanceof WindowRangeQuery<?, ?> sessions) {
      Object key = sessions.getKey().orElse(null);
      return key == null
          ? QueryResult.forFailure(
              FailureReason.UNKNOWN_QUERY_TYPE,
              "A session store answers queries for the sessions of one key: query=" + query)
          : QueryResult.forResult(fetch((Bytes) key));
    }
    return null;
  }
}
