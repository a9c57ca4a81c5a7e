package io.timelog.kafka.internal.keyvalue;

import io.timelog.TableReader;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.PinnedTable;
import io.timelog.kafka.internal.keyvalue.sorted.KeyCursor;
import io.timelog.kafka.internal.keyvalue.sorted.SortedKeys;
import io.timelog.kafka.internal.scan.Direction;
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
  /**
   * A store at one moment.
   *
   * @param keys in order, and all of them
   * @param entries of these keys
   * @param release what is to be done when it is closed
   */
  record Moment(SortedKeys keys, PinnedTable entries, Runnable release) implements AutoCloseable {
    /** To be called once. */
    @Override
    public void close() {
      entries.close();
      release.run();
    }
  }

  private final HostedTable hosted;
  private final Supplier<Moment> opening;
  private final KeySpan span;
  private final Direction direction;
  private @Nullable KeyCursor cursor;
  private @Nullable Moment moment;
  private @Nullable TableReader table;
  private @Nullable KeyValue<Bytes, byte[]> next;
  private boolean ended;
  private boolean closed;

  KeySpanIterator(HostedTable hosted, Supplier<Moment> opening, KeySpan span, Direction direction) {
    this.hosted = hosted;
    this.opening = opening;
    this.span = span;
    this.direction = direction;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed: " + hosted.place());
    }
    // Throws if the store was closed meanwhile.
    hosted.requireOpen();
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
    KeyCursor at = cursor;
    TableReader entries = table;
    if (at == null || entries == null) {
      Moment now = opening.get();
      moment = now;
      entries = now.entries().reader();
      at =
          direction == Direction.FORWARD
              ? now.keys().ascending(span.first())
              : now.keys().descending(span.end());
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

  private boolean isInRange(KeyCursor at) {
    return direction == Direction.FORWARD ? span.endsNotBefore(at) : span.startsNotAfter(at);
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
    if (moment != null) {
      moment.close();
      moment = null;
    }
    cursor = null;
    table = null;
  }
}
