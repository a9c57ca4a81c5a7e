package io.timelog.kafka.internal.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the entries of a scan by key into the order of Kafka's cache where {@link KeyShapes} says
 * that it can differ: a segment at a time is read and sorted by the bytes that the cache compares.
 * Takes the memory of the entries of the fullest segment in the range. Belongs to one thread.
 */
public final class CacheOrder implements KeyValueIterator<Windowed<Bytes>, byte[]> {
  /** An entry, and how the cache sees it. */
  private record Sortable(Bytes cacheKey, KeyValue<Windowed<Bytes>, byte[]> entry) {}

  private final KeyValueIterator<Windowed<Bytes>, byte[]> scan;
  private final ToLongFunction<Windowed<Bytes>> segment;
  private final Function<Windowed<Bytes>, Bytes> cacheKey;
  private final Comparator<Sortable> order;
  private final List<Sortable> sorted = new ArrayList<>();
  private @Nullable KeyValue<Windowed<Bytes>, byte[]> ahead;
  private int next;

  /**
   * Sorts {@code scan}.
   *
   * @param scan segment by segment in the same direction, in any order inside
   * @param segment the segment in which the cache keeps an entry
   * @param cacheKey the bytes by which it orders the entries of a segment
   */
  public CacheOrder(
      KeyValueIterator<Windowed<Bytes>, byte[]> scan,
      ToLongFunction<Windowed<Bytes>> segment,
      Function<Windowed<Bytes>, Bytes> cacheKey,
      Direction direction) {
    this.scan = scan;
    this.segment = segment;
    this.cacheKey = cacheKey;
    Comparator<Sortable> forward = Comparator.comparing(Sortable::cacheKey);
    this.order = direction == Direction.FORWARD ? forward : forward.reversed();
  }

  @Override
  public boolean hasNext() {
    if (next < sorted.size()) {
      return true;
    }
    next = 0;
    sorted.clear();
    if (ahead == null && scan.hasNext()) {
      ahead = scan.next();
    }
    if (ahead == null) {
      return false;
    }
    long current = segment.applyAsLong(ahead.key);
    while (ahead != null && segment.applyAsLong(ahead.key) == current) {
      sorted.add(new Sortable(cacheKey.apply(ahead.key), ahead));
      ahead = scan.hasNext() ? scan.next() : null;
    }
    sorted.sort(order);
    return true;
  }

  private KeyValue<Windowed<Bytes>, byte[]> peek() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          "The iterator has no next entry, because it is exhausted or closed");
    }
    return sorted.get(next).entry();
  }

  @Override
  public Windowed<Bytes> peekNextKey() {
    return peek().key;
  }

  @Override
  public KeyValue<Windowed<Bytes>, byte[]> next() {
    KeyValue<Windowed<Bytes>, byte[]> entry = peek();
    next++;
    return entry;
  }

  @Override
  public void close() {
    sorted.clear();
    ahead = null;
    scan.close();
  }
}
