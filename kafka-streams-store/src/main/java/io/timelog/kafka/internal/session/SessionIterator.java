package io.timelog.kafka.internal.session;

import io.timelog.Cursor;
import io.timelog.kafka.internal.host.WindowBounds;
import io.timelog.kafka.internal.scan.LazyScan;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Sessions that start not later than a bound, of what a scan finds. Belongs to one thread. */
final class SessionIterator implements KeyValueIterator<Windowed<Bytes>, byte[]> {
  private final LazyScan scan;
  private final long latestStart;
  private @Nullable Windowed<Bytes> nextKey;

  SessionIterator(LazyScan scan, long latestStart) {
    this.scan = scan;
    this.latestStart = latestStart;
  }

  @Override
  public boolean hasNext() {
    while (scan.hasNext()) {
      if (nextKey != null) {
        return true;
      }
      Cursor entry = scan.peek();
      long start = SessionStart.read(entry.subkey());
      if (start <= latestStart) {
        nextKey =
            new Windowed<>(Bytes.wrap(entry.key()), WindowBounds.session(start, entry.timestamp()));
        return true;
      }
      scan.consume();
    }
    nextKey = null;
    return false;
  }

  @Override
  public Windowed<Bytes> peekNextKey() {
    if (nextKey == null && !hasNext()) {
      throw scan.exhausted();
    }
    return Objects.requireNonNull(nextKey);
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
    nextKey = null;
    scan.close();
  }
}
