package io.timelog;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the drop listener of a log, if it has one, and counts what the listener throws. */
final class DropReport<V> {
  private static final Logger LOG = LoggerFactory.getLogger(DropListener.class);

  private final @Nullable DropListener<? super V> listener;
  private final AtomicLong failures = new AtomicLong();

  DropReport(@Nullable DropListener<? super V> listener) {
    this.listener = listener;
  }

  boolean isWanted() {
    return listener != null;
  }

  long failures() {
    return failures.get();
  }

  /** Reports a drop; decoding the value counts as part of the report. */
  void accept(long timestamp, Supplier<V> value) {
    if (listener == null) {
      return;
    }
    try {
      listener.onDrop(timestamp, value.get());
    } catch (RuntimeException failure) {
      failures.incrementAndGet();
      LOG.warn("A drop listener failed: timestamp={}", timestamp, failure);
    }
  }
}
