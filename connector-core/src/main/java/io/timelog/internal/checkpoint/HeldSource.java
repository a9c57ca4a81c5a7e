package io.timelog.internal.checkpoint;

import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.FlushWatch;
import io.timelog.internal.view.MemoryWatch;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.SegmentSource;
import io.timelog.internal.view.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source that an export holds: rows in memory until they are flushed, by whomever, from then on
 * the segments that they became, and these in files as soon as they have left memory. Thread-safe.
 */
final class HeldSource implements FlushWatch, MemoryWatch {
  private final TableCut table;
  private final boolean hasOlderSources;
  private @Nullable Source held;

  /** Held beside, for who has its segments. */
  private @Nullable Source kept;

  /** Holds a source of a view that the caller holds. */
  HeldSource(TableCut table, Source source, boolean hasOlderSources) {
    this.table = table;
    this.hasOlderSources = hasOlderSources;
    this.held = source;
    source.retain();
    watch(source);
  }

  private void watch(Source source) {
    if (source instanceof MemtableSource sealed) {
      sealed.watch(this);
    } else if (source instanceof SegmentSource segments) {
      segments.watch(this);
    }
  }

  @Override
  public Tombstones tombstones() {
    return table.tombstones();
  }

  @Override
  public long floor() {
    return table.floor();
  }

  @Override
  public boolean hasOlderSources() {
    return hasOlderSources;
  }

  @Override
  public synchronized void flushed(@Nullable Source output) {
    Source before = held;
    if (before == null) {
      return;
    }
    if (output != null) {
      output.retain();
      watch(output);
    }
    held = output;
    before.release();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very object that is held
  public synchronized void leftMemory(SegmentSource before, SegmentSource inFiles) {
    if (held == before) {
      inFiles.retain();
      inFiles.watch(this);
      held = inFiles;
      before.release();
    }
  }

  /** The source if it is still to be flushed, else null. */
  synchronized @Nullable MemtableSource unflushed() {
    return held instanceof MemtableSource sealed ? sealed : null;
  }

  /**
   * What is made of the source, as it is now, and which stays so meanwhile; empty if nothing is
   * left of it, or if it was let go.
   */
  <T> Optional<T> map(Function<Source, T> use) {
    Source now;
    synchronized (this) {
      now = held;
      if (now == null) {
        return Optional.empty();
      }
      now.retain();
    }
    try {
      return Optional.of(use.apply(now));
    } finally {
      now.release();
    }
  }

  /** As {@link #map}, of what returns nothing; false if there was nothing to use. */
  boolean use(Consumer<Source> action) {
    Optional<Boolean> done =
        map(
            now -> {
              action.accept(now);
              return true;
            });
    return done.isPresent();
  }

  /** The segments as they are now, which stay open until this is let go. */
  synchronized List<Segment> keepSegments() {
    if (kept == null && held != null) {
      kept = held;
      kept.retain();
    }
    return kept == null ? List.of() : kept.segments();
  }

  /** Lets go. Doing so twice does nothing. */
  synchronized void release() {
    Source before = held;
    held = null;
    if (before != null) {
      if (before instanceof SegmentSource segments) {
        segments.unwatch(this);
      }
      before.release();
    }
    if (kept != null) {
      kept.release();
      kept = null;
    }
  }
}
