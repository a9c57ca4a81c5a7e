package io.timelog.internal.view;

import io.timelog.internal.segment.Segment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A segment with the number of sources that have it: a source that is rewritten in part shares the
 * segments that stay. The handle is closed when no source has it any more. Thread-safe.
 */
final class HeldSegment {
  private final Segment segment;
  private final long since;
  private final AtomicInteger sources = new AtomicInteger();

  /** A segment of this store, which says itself what deletes were applied to it. */
  HeldSegment(Segment segment) {
    this(segment, segment.appliedVersion() + 1);
  }

  /**
   * A segment of any store.
   *
   * @param since tombstones of this version and later ones hide rows in it
   */
  HeldSegment(Segment segment, long since) {
    this.segment = segment;
    this.since = since;
  }

  long since() {
    return since;
  }

  Segment segment() {
    return segment;
  }

  /** One more source has it. The caller holds another one that has it, or made it just now. */
  void retain() {
    sources.incrementAndGet();
  }

  /** One source less. */
  void release() {
    if (sources.decrementAndGet() == 0) {
      segment.close();
    }
  }

  /** Whether one source has it. */
  boolean isHeldOnce() {
    return sources.get() == 1;
  }
}
