package io.timelog.internal.manifest;

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

  /** The newest source if the writer may write to it, else null. */
  public @Nullable Source active() {
    if (sources.isEmpty()) {
      return null;
    }
    Source newest = sources.get(sources.size() - 1);
    return newest.stage() == Source.Stage.ACTIVE ? newest : null;
  }

  /** The same slice with other sources. */
  public PartitionWindow withSources(List<Source> others) {
    return new PartitionWindow(first, last, others);
  }

  /** The same slice with one more, newest source. */
  public PartitionWindow plus(Source newest) {
    List<Source> more = new ArrayList<>(sources);
    more.add(newest);
    return withSources(more);
  }
}
