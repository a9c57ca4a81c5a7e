package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.kafka.internal.host.WindowBounds;
import io.timelog.kafka.internal.scan.LazyScan;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** The windows of several keys, each by its key and bounds. Belongs to one thread. */
final class WindowedIterator implements KeyValueIterator<Windowed<Bytes>, byte[]> {
  private final LazyScan scan;
  private final long windowSize;
  // Kafka's caches peek at every entry several times before they take it.
  private @Nullable Windowed<Bytes> nextKey;

  WindowedIterator(LazyScan scan, long windowSize) {
    this.scan = scan;
    this.windowSize = windowSize;
  }

  @Override
  public boolean hasNext() {
    return scan.hasNext();
  }

  @Override
  public Windowed<Bytes> peekNextKey() {
    Cursor entry = scan.peek();
    Windowed<Bytes> key = nextKey;
    if (key == null) {
      key = new Windowed<>(Bytes.wrap(entry.key()), WindowBounds.of(entry.timestamp(), windowSize));
      nextKey = key;
    }
    return key;
  }

  @Override
  public KeyValue<Windowed<Bytes>, byte[]> next() {
    KeyValue<Windowed<Bytes>, byte[]> next = KeyValue.pair(peekNextKey(), scan.peek().value());
    nextKey = null;
    scan.consume();
    return next;
  }

  @Override
  public void close() {
    scan.close();
  }
}
