package io.timelog.internal.checkpoint;

import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.FlushWatch;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.Source;
import org.jspecify.annotations.Nullable;

/**
 * A source that an export holds: rows in memory until they are flushed, by whomever, and from then
 * on the segment that they became. Thread-safe.
 */
final class HeldSource implements FlushWatch {
  private final TableCut table;
  private final boolean hasOlderSources;
  private @Nullable Source held;

  /** Holds a source of a view that the caller holds. */
  HeldSource(TableCut table, Source source, boolean hasOlderSources) {
    this.table = table;
    this.hasOlderSources = hasOlderSources;
    this.held = source;
    source.retain();
    if (source instanceof MemtableSource sealed) {
      sealed.watch(this);
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
    }
    held = output;
    before.release();
  }

  /** The source; null if nothing is left of it, or if it was let go. */
  synchronized @Nullable Source get() {
    return held;
  }

  /** The source if it is still to be flushed, else null. */
  @Nullable MemtableSource unflushed() {
    return get() instanceof MemtableSource sealed ? sealed : null;
  }

  /** Lets go. Doing so twice does nothing. */
  synchronized void release() {
    Source before = held;
    held = null;
    if (before != null) {
      before.release();
    }
  }
}
