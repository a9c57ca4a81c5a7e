package io.timelog.kafka.internal.keyvalue;

import io.timelog.Snapshot;
import io.timelog.TableReader;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a range of keys, in their order or in reverse. Sees the store as it is at the
 * first {@code hasNext()}, whatever is written after that. Belongs to one thread, and has to be
 * closed: it keeps what it sees from being forgotten.
 */
final class KeySpanIterator implements KeyValueIterator<Bytes, byte[]> {
  /** Which way the keys go. */
  enum Direction {
    ASCENDING,
    DESCENDING
  }

  private final HostedTable hosted;
  private final Supplier<SortedKeys> keys;
  private final KeySpan span;
  private final Direction direction;
  private SortedKeys.@Nullable Cursor cursor;
  private @Nullable Snapshot snapshot;
  private @Nullable TableReader table;
  private @Nullable KeyValue<Bytes, byte[]> next;
  private boolean ended;
  private boolean closed;

  KeySpanIterator(
      HostedTable hosted, Supplier<SortedKeys> keys, KeySpan span, Direction direction) {
    this.hosted = hosted;
    this.keys = keys;
    this.span = span;
    this.direction = direction;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed: " + hosted.place());
    }
    // Throws if the store was closed meanwhile.
    hosted.table();
    if (next == null && !ended) {
      next = find();
      if (next == null) {
        ended = true;
        release();
      }
    }
    return next != null;
  }

  private @Nullable KeyValue<Bytes, byte[]> find() {
    SortedKeys.Cursor at = cursor;
    TableReader entries = table;
    if (at == null || entries == null) {
      // The keys come first: of a key that is written between the two, the entry is not looked for.
      SortedKeys present = keys.get();
      Snapshot taken = hosted.snapshot();
      snapshot = taken;
      entries = taken.table(hosted.table().name());
      at =
          direction == Direction.ASCENDING
              ? present.ascending(span.first())
              : present.descending(span.end());
      table = entries;
      cursor = at;
    }
    while (at.advance() && isInRange(at)) {
      byte[] key = at.key();
      byte[] value = entries.get(key, TimelogKeyValueStore.TIMESTAMP);
      if (value != null) {
        return KeyValue.pair(Bytes.wrap(key), value);
      }
    }
    return null;
  }

  private boolean isInRange(SortedKeys.Cursor at) {
    return direction == Direction.ASCENDING ? span.endsNotBefore(at) : span.startsNotAfter(at);
  }

  @Override
  public Bytes peekNextKey() {
    return peek().key;
  }

  @Override
  public KeyValue<Bytes, byte[]> next() {
    KeyValue<Bytes, byte[]> found = peek();
    next = null;
    return found;
  }

  private KeyValue<Bytes, byte[]> peek() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("The iterator has no next entry: " + hosted.place());
    }
    return next;
  }

  @Override
  public void close() {
    closed = true;
    next = null;
    release();
  }

  private void release() {
    if (snapshot != null) {
      snapshot.close();
      snapshot = null;
    }
    cursor = null;
    table = null;
  }
}
