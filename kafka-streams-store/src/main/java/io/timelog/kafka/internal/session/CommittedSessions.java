package io.timelog.kafka.internal.session;

import io.timelog.kafka.internal.expiry.ExpiringStore.Opened;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.KeyRange;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlySessionStore;
import org.jspecify.annotations.Nullable;

/** What was committed of a session store, as it is read. Any thread may read. */
final class CommittedSessions implements ReadOnlySessionStore<Bytes, byte[]> {
  private final TimelogSessionStore store;

  CommittedSessions(TimelogSessionStore store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] fetchSession(Bytes key, long sessionStart, long sessionEnd) {
    return store
        .opened()
        .committed()
        .read(from -> TimelogSessionStore.fetchSession(from, key, sessionStart, sessionEnd));
  }

  @Override
  public byte @Nullable [] fetchSession(Bytes key, Instant sessionStart, Instant sessionEnd) {
    return fetchSession(key, Millis.of(sessionStart), Millis.of(sessionEnd));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      Bytes key, long earliestEnd, long latestStart) {
    return ofKey(key, earliestEnd, latestStart, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      Bytes key, Instant earliestEnd, Instant latestStart) {
    return findSessions(key, Millis.of(earliestEnd), Millis.of(latestStart));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      Bytes key, long earliestEnd, long latestStart) {
    return ofKey(key, earliestEnd, latestStart, Direction.BACKWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      Bytes key, Instant earliestEnd, Instant latestStart) {
    return backwardFindSessions(key, Millis.of(earliestEnd), Millis.of(latestStart));
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> ofKey(
      Bytes key, long earliestEnd, long latestStart, Direction direction) {
    Opened opened = store.opened();
    return TimelogSessionStore.ofKey(
        opened, opened.committed(), key, earliestEnd, latestStart, direction);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long earliestEnd, long latestStart) {
    return ofKeys(keyFrom, keyTo, earliestEnd, latestStart, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, Instant earliestEnd, Instant latestStart) {
    return findSessions(keyFrom, keyTo, Millis.of(earliestEnd), Millis.of(latestStart));
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, long earliestEnd, long latestStart) {
    return ofKeys(keyFrom, keyTo, earliestEnd, latestStart, Direction.BACKWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFindSessions(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, Instant earliestEnd, Instant latestStart) {
    return backwardFindSessions(keyFrom, keyTo, Millis.of(earliestEnd), Millis.of(latestStart));
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> ofKeys(
      @Nullable Bytes keyFrom,
      @Nullable Bytes keyTo,
      long earliestEnd,
      long latestStart,
      Direction direction) {
    Opened opened = store.opened();
    return store.ofKeys(
        opened,
        opened.committed(),
        KeyRange.of(keyFrom, keyTo),
        earliestEnd,
        latestStart,
        direction);
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
}
