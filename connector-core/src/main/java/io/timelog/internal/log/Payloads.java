package io.timelog.internal.log;

import io.timelog.DropListener;
import io.timelog.internal.drop.RowDropListener;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one log become payloads and come back: encoded by a codec, or kept on the heap
 * behind a handle. Staging belongs to whoever claimed the log for a write; everything else is
 * thread-safe.
 */
public abstract sealed class Payloads<V> permits EncodedPayloads, ObjectPayloads {
  private final @Nullable DropListener<? super V> listener;

  /** The thread that is in the drop listener. There is one at a time at most. */
  private volatile @Nullable Thread reporter;

  Payloads(@Nullable DropListener<? super V> listener) {
    this.listener = listener;
  }

  /**
   * Adds an entry to {@code staged}.
   *
   * @throws RuntimeException if the value has no payload; nothing was added
   */
  abstract void stage(long timestamp, V value, StagedEntries staged);

  /** Takes back what was staged, from an entry on, and not accepted by the engine. */
  abstract void discard(StagedEntries staged, int from);

  /** A reader for one thread. */
  public abstract ValueReader<V> reader();

  /** Whether anything is to be done about dropped rows. */
  abstract boolean hearsOfDrops();

  /** What the engine is to tell of dropped rows; null if nothing is to be done about them. */
  public abstract @Nullable RowDropListener rowDropListener();

  /** Lets go of all values. Nobody may read any more. */
  public abstract void close();

  /** Tells the listener, if there is one. */
  final void report(long timestamp, V value) {
    if (listener != null) {
      reporter = Thread.currentThread();
      try {
        listener.onDrop(timestamp, value);
      } finally {
        reporter = null;
      }
    }
  }

  final boolean hasListener() {
    return listener != null;
  }

  /** Whether this thread is in the drop listener. */
  final boolean isReporting() {
    Thread busy = reporter;
    return busy != null && busy == Thread.currentThread();
  }
}
