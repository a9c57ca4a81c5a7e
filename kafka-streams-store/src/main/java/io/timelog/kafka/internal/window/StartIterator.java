package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.kafka.internal.scan.LazyScan;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** The windows of one key, each by its start. Belongs to one thread. */
final class StartIterator implements WindowStoreIterator<byte[]> {
  private final LazyScan scan;

  StartIterator(LazyScan scan) {
    this.scan = scan;
  }

  @Override
  public boolean hasNext() {
    return scan.hasNext();
  }

  @Override
  public Long peekNextKey() {
    return scan.peek().timestamp();
  }

  @Override
  public KeyValue<Long, byte[]> next() {
    Cursor entry = scan.peek();
    KeyValue<Long, byte[]> next = KeyValue.pair(entry.timestamp(), entry.value());
    scan.consume();
    return next;
  }

  @Override
  public void close() {
    scan.close();
  }
}
