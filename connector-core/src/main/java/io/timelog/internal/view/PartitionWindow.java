package io.timelog.internal.view;

import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.tombstone.Tombstone;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice of time of one table and what is stored for it. Immutable.
 *
 * @param first the first timestamp of the slice
 * @param last the last timestamp of the slice, included
 * @param sources from the oldest to the newest; where two have the same entry of a map, the newer
 *     one is right
 */
public record PartitionWindow(long first, long last, List<Source> sources) {
  public PartitionWindow {
    sources = List.copyOf(sources);
  }

  /** Whether the timestamp belongs here. */
  public boolean covers(long timestamp) {
    return first <= timestamp && timestamp <= last;
  }

  /** Whether any timestamp of {@code [from, to]} belongs here. */
  public boolean overlaps(long from, long to) {
    return first <= to && from <= last;
  }

  /** Neither the window begins, nor has it a row, before this. */
  public long oldestBound() {
    long oldest = last;
    for (Source source : sources) {
      oldest = Math.min(oldest, source.oldestBound());
    }
    return Math.max(first, oldest);
  }

  /** Neither does the window end, nor has it a row, after this. */
  public long newestBound() {
    long newest = first;
    for (Source source : sources) {
      newest = Math.max(newest, source.newestBound());
    }
    return Math.min(last, newest);
  }

  /** The newest source if the writer may write to it, else null. */
  public @Nullable MemtableSource active() {
    return !sources.isEmpty()
            && sources.get(sources.size() - 1) instanceof MemtableSource newest
            && newest.stage() == Source.Stage.ACTIVE
        ? newest
        : null;
  }

  /** The memtable window that the writer may write to, or null. */
  public @Nullable MemtableWindow activeMemtable() {
    MemtableSource active = active();
    return active == null ? null : active.memtable();
  }

  /** The place of a source, wherever it stands on its way; -1 if it is not here. */
  public int indexOf(Source source) {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).isSameAs(source)) {
        return i;
      }
    }
    return -1;
  }

  /** The only source; null if there are several, which is rare. */
  @Nullable Source onlySource() {
    return sources.size() == 1 ? sources.get(0) : null;
  }

  /** Whether a delete may hide something here. */
  boolean isHiddenBy(Tombstone delete) {
    if (delete.overlaps(first, last)) {
      for (Source source : sources) {
        if (source.since() <= delete.version()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a source is younger than deletes before one version, and older than a later one. */
  boolean hasSourceSince(long first, long last) {
    for (Source source : sources) {
      if (first <= source.since() && source.since() <= last) {
        return true;
      }
    }
    return false;
  }

  /** One more view, or report of dropped entries, holds the sources. */
  public void retain() {
    for (int i = 0; i < sources.size(); i++) {
      sources.get(i).retain();
    }
  }

  /** One holder less. */
  public void release() {
    for (int i = 0; i < sources.size(); i++) {
      sources.get(i).release();
    }
  }

  /** Deletes, once nobody reads them, the sources that {@code next}, if any, does not have. */
  void supersedeAllBut(@Nullable PartitionWindow next) {
    for (int i = 0; i < sources.size(); i++) {
      if (next == null || next.indexOf(sources.get(i)) < 0) {
        sources.get(i).supersede(next);
      }
    }
  }

  /** Whether a source has this very segment. */
  boolean has(HeldSegment segment) {
    for (Source source : sources) {
      if (source.has(segment)) {
        return true;
      }
    }
    return false;
  }

  /** The same slice with other sources. */
  public PartitionWindow withSources(List<Source> others) {
    return new PartitionWindow(first, last, others);
  }

  /** The same slice with another source in the place of the newest. */
  public PartitionWindow withNewest(Source newest) {
    List<Source> others = new ArrayList<>(sources);
    others.set(others.size() - 1, newest);
    return withSources(others);
  }

  /** The same slice with one more, newest source. */
  public PartitionWindow plus(Source newest) {
    List<Source> more = new ArrayList<>(sources);
    more.add(newest);
    return withSources(more);
  }
}
