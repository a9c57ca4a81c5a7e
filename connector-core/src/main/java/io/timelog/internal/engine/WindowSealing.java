package io.timelog.internal.engine;

import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.Rule;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Seals windows of one table, so that they wait for a flush and take no more writes. For the
 * writer, inside an operation.
 */
final class WindowSealing {
  /** A smaller window is about as small in a segment. */
  private static final long MIN_SEALED_BYTES = 16 << 10;

  private final TableMaintenance maintenance;
  private final CurrentView views;
  private final Rule rule;
  private final ActiveWindows active;
  private final Consumer<SealedRun> whenSealed;

  WindowSealing(
      TableMaintenance maintenance,
      CurrentView views,
      Rule rule,
      ActiveWindows active,
      Consumer<SealedRun> whenSealed) {
    this.maintenance = maintenance;
    this.views = views;
    this.rule = rule;
    this.active = active;
    this.whenSealed = whenSealed;
  }

  /**
   * Seals the windows, as far as all that it seals fits into so many bytes; adds it to the run.
   *
   * @return what is left of the bytes
   */
  long seal(List<SealedRun.Part> run, long maxBytes) {
    if (!anyActive()) {
      return maxBytes;
    }
    Room room = new Room(maxBytes);
    seal(run, room::take, room::empty);
    return room.bytes;
  }

  /** Seals the windows with this serial or a smaller one; adds them to the run. */
  void sealUpTo(List<SealedRun.Part> run, long serial) {
    seal(run, source -> source.memtable().journal().serial() <= serial, () -> {});
  }

  private void seal(
      List<SealedRun.Part> run, Predicate<MemtableSource> chosen, Runnable whenBegunAnew) {
    List<SealedRun.Part> parts = new ArrayList<>();
    TableView now;
    TableView next;
    do {
      parts.clear();
      whenBegunAnew.run();
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windowCount());
      for (PartitionWindow window : now.windows()) {
        MemtableSource source = window.active();
        if (source != null && chosen.test(source)) {
          MemtableSource sealed = source.sealed();
          parts.add(new SealedRun.Part(maintenance, window.first(), sealed));
          windows.add(window.withNewest(sealed));
        } else {
          windows.add(window);
        }
      }
      next = now.withWindows(windows);
    } while (!views.publish(now, next));
    endWritesTo(parts);
    run.addAll(parts);
  }

  /** What is left for the segments of windows, each of which gets what it needs or nothing. */
  private static final class Room {
    private final long maxBytes;
    private long bytes;

    Room(long maxBytes) {
      this.maxBytes = maxBytes;
      bytes = maxBytes;
    }

    /** Begins anew. */
    void empty() {
      bytes = maxBytes;
    }

    /** Takes what one more needs; false, and nothing is taken, if there is not enough. */
    boolean take(MemtableSource source) {
      long needed = source.bytesInSegments();
      boolean fits = needed <= bytes;
      bytes -= fits ? needed : 0;
      return fits;
    }
  }

  /** About how many bytes the windows need in segments that {@link #seal} would seal. */
  long fittingBytes(long maxBytes) {
    Room room = new Room(maxBytes);
    for (PartitionWindow window : views.get().windows()) {
      MemtableSource source = window.active();
      if (source != null) {
        room.take(source);
      }
    }
    return maxBytes - room.bytes;
  }

  /** About how many bytes the smallest window needs in a segment; 0 if there is no window. */
  long smallestBytes() {
    long smallest = Long.MAX_VALUE;
    for (PartitionWindow window : views.get().windows()) {
      MemtableSource source = window.active();
      smallest = source == null ? smallest : Math.min(smallest, source.bytesInSegments());
    }
    return smallest == Long.MAX_VALUE ? 0 : smallest;
  }

  private void endWritesTo(List<SealedRun.Part> parts) {
    for (SealedRun.Part part : parts) {
      MemtableWindow window = part.source().memtable();
      if (window != null) {
        active.endWrites(window);
      }
    }
  }

  private boolean anyActive() {
    TableView now = views.get();
    for (int i = 0; i < now.windowCount(); i++) {
      if (now.window(i).active() != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Seals the oldest window that gets smaller by a flush, of those that need at most so many bytes
   * in a segment; false if there is none.
   */
  boolean sealOldestWorthIt(long maxSegmentBytes) {
    for (PartitionWindow partition : views.get().windows()) {
      MemtableSource source = partition.active();
      if (source != null
          && source.bytesInSegments() <= maxSegmentBytes
          && isWorthSealing(partition, source.memtable())) {
        seal(source.memtable());
        return true;
      }
    }
    return false;
  }

  /**
   * Seals one window of those whose segments can leave memory: the one that lives longest, but the
   * newest, which probably takes writes, only if there is no other. What dies sooner may die before
   * it has to be written. False if there is none.
   */
  boolean sealLongestLiving() {
    List<PartitionWindow> windows = views.get().windows();
    int newest = windows.size() - 1;
    for (int i = newest - 1; i >= 0; i--) {
      if (sealIfWorthIt(windows.get(i), MIN_SEALED_BYTES)) {
        return true;
      }
    }
    if (newest >= 0 && sealIfWorthIt(windows.get(newest), MIN_SEALED_BYTES)) {
      return true;
    }
    for (int i = newest; i >= 0; i--) {
      if (sealIfWorthIt(windows.get(i), 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean sealIfWorthIt(PartitionWindow partition, long minBytes) {
    MemtableSource source = partition.active();
    if (source == null
        || source.memtable().rowCount() == 0
        || source.memtable().bytes() < minBytes) {
      return false;
    }
    seal(source.memtable());
    return true;
  }

  private boolean isWorthSealing(PartitionWindow partition, MemtableWindow window) {
    boolean hidesOlderRows =
        partition.sources().size() > 1 && (rule == Rule.MAP || window.hasTombstones());
    return window.rowCount() > 0 && (hidesOlderRows || window.bytes() >= MIN_SEALED_BYTES);
  }

  private void seal(MemtableWindow window) {
    MemtableSource sealed;
    TableView now;
    TableView next;
    do {
      now = views.get();
      List<PartitionWindow> windows = new ArrayList<>(now.windows());
      int index = now.firstWindowNotBefore(window.first());
      sealed = Objects.requireNonNull(windows.get(index).active()).sealed();
      windows.set(index, windows.get(index).withNewest(sealed));
      next = now.withWindows(windows);
    } while (!views.publish(now, next));
    active.endWrites(window);
    whenSealed.accept(SealedRun.of(maintenance, window.first(), sealed));
  }
}
