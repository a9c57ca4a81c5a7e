package io.timelog.internal.view;

import io.timelog.internal.tombstone.Tombstones;
import org.jspecify.annotations.Nullable;

/**
 * What an export asks of the flush of a sealed source, so that the segment holds what the source
 * held at the moment of the export, and how it learns of it. Thread-safe.
 */
public interface FlushWatch {
  /** The deletes over all keys that may be applied: those of that moment, and no later ones. */
  Tombstones tombstones();

  /** Rows below may be left out, and no others. */
  long floor();

  /** Whether there were older sources in the window, in which tombstones of this one hide rows. */
  boolean hasOlderSources();

  /**
   * The source was flushed. Called once, before the segment is published, on the thread that
   * flushed it; must not throw.
   *
   * @param output what has its rows now; null if none was left
   */
  void flushed(@Nullable Source output);
}
