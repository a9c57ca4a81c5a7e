package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.compaction.CompactionPolicy;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flush and compaction of one table: what is sealed becomes segments, segments become fewer. For
 * the thread that holds the maintenance lock of the store.
 *
 * <p>The sources it reads cannot change, and it holds the view that has them; the writer may go on
 * meanwhile and may even drop what is being merged, in which case the result is thrown away.
 */
final class TableMaintenance {
  private final StoreEngine store;
  private final String table;
  private final Rule rule;
  private final CurrentView views;
  private final WindowMerger merger;

  TableMaintenance(StoreEngine store, TableSettings settings, CurrentView views) {
    this.store = store;
    this.table = settings.name();
    this.rule = settings.rule();
    this.views = views;
    this.merger =
        new WindowMerger(
            store.storage(), table, store.settings().targetPageBytes(), settings.index());
  }

  /**
   * Writes a sealed source into a segment and puts it in its place.
   *
   * @throws MemoryBudgetExceededException if there is no room for the segment; nothing changed
   */
  void flush(Source sealed) {
    TableView now = views.retain();
    try {
      PartitionWindow window = find(now, sealed);
      if (window == null) {
        return;
      }
      WindowMerger.Deletes deletes = deletes(now, List.of(sealed));
      if (window.indexOf(sealed) == 0) {
        Segment segment = merge(window, List.of(sealed), deletes);
        replace(List.of(sealed), segment == null ? null : Source.level1(segment));
      } else {
        Segment segment = merger.copy(window, sealed, deletes, store.nextSegmentName(table));
        replace(List.of(sealed), segment == null ? null : Source.level0(segment));
      }
    } finally {
      now.release();
    }
  }

  /**
   * Merges the windows that have too many segments; whether there were any.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were merged stay so
   */
  boolean compactDue() {
    TableView now = views.retain();
    try {
      List<PartitionWindow> due = CompactionPolicy.due(now);
      due.forEach(window -> compact(now, window));
      return !due.isEmpty();
    } finally {
      now.release();
    }
  }

  /**
   * Merges every window that gets smaller by it.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were merged stay so
   */
  void compactAll() {
    TableView now = views.retain();
    try {
      CompactionPolicy.all(now, views.floor()).forEach(window -> compact(now, window));
    } finally {
      now.release();
    }
  }

  private void compact(TableView now, PartitionWindow window) {
    List<Source> segments = new ArrayList<>();
    for (Source source : window.sources()) {
      if (source.segment() == null) {
        break;
      }
      segments.add(source);
    }
    if (!segments.isEmpty()) {
      Segment segment = merge(window, segments, deletes(now, segments));
      replace(segments, segment == null ? null : Source.level1(segment));
    }
  }

  private @Nullable Segment merge(
      PartitionWindow window, List<Source> sources, WindowMerger.Deletes deletes) {
    return merger.merge(window.withSources(sources), rule, deletes, store.nextSegmentName(table));
  }

  private WindowMerger.Deletes deletes(TableView now, List<Source> inputs) {
    long applied = now.tombstones().newestVersion();
    for (Source input : inputs) {
      applied = Math.max(applied, input.since() - 1);
    }
    return new WindowMerger.Deletes(now.tombstones(), views.floor(), applied);
  }

  /**
   * Puts a segment in the place of sources, or nothing in its place, unless the writer dropped the
   * window meanwhile.
   */
  private void replace(List<Source> inputs, @Nullable Source output) {
    views.publish(
        old -> {
          PartitionWindow existing = find(old, inputs.get(0));
          if (existing == null) {
            if (output != null) {
              output.discard();
            }
            return old;
          }
          List<Source> sources = new ArrayList<>(existing.sources());
          int from = existing.indexOf(inputs.get(0));
          sources.subList(from, from + inputs.size()).clear();
          if (output != null) {
            sources.add(from, output);
          }
          List<PartitionWindow> windows = new ArrayList<>(old.windows());
          int index = windows.indexOf(existing);
          if (sources.isEmpty()) {
            windows.remove(index);
          } else {
            windows.set(index, existing.withSources(sources));
          }
          return old.with(windows, old.tombstones());
        });
  }

  private static @Nullable PartitionWindow find(TableView in, Source source) {
    for (int i = 0; i < in.windowCount(); i++) {
      if (in.window(i).indexOf(source) >= 0) {
        return in.window(i);
      }
    }
    return null;
  }
}
