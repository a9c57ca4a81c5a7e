package io.timelog.kafka.internal.window;

import io.timelog.kafka.internal.expiry.ExpiringStore.Opened;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.KeyRange;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/** What was committed of a window store, as it is read. Any thread may read. */
final class CommittedWindows implements ReadOnlyWindowStore<Bytes, byte[]> {
  private final TimelogWindowStore store;

  CommittedWindows(TimelogWindowStore store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] fetch(Bytes key, long windowStart) {
    return store.opened().committed().read(from -> store.fetch(from, key, windowStart));
  }

  @Override
  public WindowStoreIterator<byte[]> fetch(Bytes key, Instant timeFrom, Instant timeTo) {
    return starts(key, timeFrom, timeTo, Direction.FORWARD);
  }

  @Override
  public WindowStoreIterator<byte[]> backwardFetch(Bytes key, Instant timeFrom, Instant timeTo) {
    return starts(key, timeFrom, timeTo, Direction.BACKWARD);
  }

  private WindowStoreIterator<byte[]> starts(
      Bytes key, Instant timeFrom, Instant timeTo, Direction direction) {
    Opened opened = store.opened();
    return TimelogWindowStore.starts(
        opened, opened.committed(), key, Millis.of(timeFrom), Millis.of(timeTo), direction);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, Instant timeFrom, Instant timeTo) {
    return windowed(
        KeyRange.of(keyFrom, keyTo), Millis.of(timeFrom), Millis.of(timeTo), Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
      @Nullable Bytes keyFrom, @Nullable Bytes keyTo, Instant timeFrom, Instant timeTo) {
    return windowed(
        KeyRange.of(keyFrom, keyTo), Millis.of(timeFrom), Millis.of(timeTo), Direction.BACKWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(Instant timeFrom, Instant timeTo) {
    return windowed(KeyRange.all(), Millis.of(timeFrom), Millis.of(timeTo), Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetchAll(
      Instant timeFrom, Instant timeTo) {
    return windowed(KeyRange.all(), Millis.of(timeFrom), Millis.of(timeTo), Direction.BACKWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
    return windowed(KeyRange.all(), 0, Long.MAX_VALUE, Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> backwardAll() {
    return windowed(KeyRange.all(), 0, Long.MAX_VALUE, Direction.BACKWARD);
  }

  private KeyValueIterator<Windowed<Bytes>, byte[]> windowed(
      KeyRange keys, long timeFrom, long timeTo, Direction direction) {
    Opened opened = store.opened();
    return store.windowed(opened, opened.committed(), keys, timeFrom, timeTo, direction);
  }
}
