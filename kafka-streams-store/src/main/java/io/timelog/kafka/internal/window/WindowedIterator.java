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

  /** Shared by the windows of a key, which mostly follow each other. */
  private @Nullable Bytes keyBytes;

  private @Nullable Cursor keyCursor;
  private long keyNumber;

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
    return keyOf(scan.peek());
  }

  private Windowed<Bytes> keyOf(Cursor entry) {
    Windowed<Bytes> key = nextKey;
    if (key == null) {
      key = new Windowed<>(bytesOf(entry), WindowBounds.of(entry.timestamp(), windowSize));
      nextKey = key;
    }
    return key;
  }

  private Bytes bytesOf(Cursor entry) {
    Bytes bytes = keyBytes;
    if (bytes == null || keyCursor != entry || keyNumber != entry.keyNumber()) {
      bytes = Bytes.wrap(entry.key());
      keyBytes = bytes;
      keyCursor = entry;
      keyNumber = entry.keyNumber();
    }
    return bytes;
  }

  @Override
  public KeyValue<Windowed<Bytes>, byte[]> next() {
    Cursor entry = scan.peek();
    KeyValue<Windowed<Bytes>, byte[]> next = KeyValue.pair(keyOf(entry), entry.value());
    nextKey = null;
    scan.consume();
    return next;
  }

  @Override
  public void close() {
    scan.close();
  }
}
