package io.timelog.internal.engine;

import io.timelog.TimeRange;
import io.timelog.internal.engine.WindowGrid.Block;
import io.timelog.internal.journal.LogFrame;
import io.timelog.internal.journal.LogVisitor;
import io.timelog.internal.journal.LoggedWindow;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FlushedWindow;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.WindowEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Does again what a log has, in a store that was made of the manifest and that nobody has seen yet.
 * Used once.
 */
final class LogReplay implements LogVisitor {
  /*
   * Rows go the way of every write, into windows that are cut as they were. If two such windows overlap,
   * the earlier one was gone when the later one was begun, though its last rows may have left it in a way
   * of which the log knows nothing, as when nothing was left by a merge.
   *
   * The log is older than the segments of the manifest. Rows that these have are declined, and so are rows
   * of a window that had gone when one began that the manifest has in its place. A delete over all keys
   * that the manifest knows has done in segments what it had to do there, and must not be applied to what
   * came later. But where a window has rows from the log before the delete, all that segments have of it is
   * older than these, so there it is applied to all. Deletes get versions of this life, which are later
   * than those of the manifest.
   */
  /** What a row takes beside its bytes, about. */
  private static final int ROW_BYTES = 16;

  private final StoreOpening store;
  private final StoreManifest manifest;
  private final Map<Integer, TableEngine> tables = new HashMap<>();
  private final Map<Integer, List<Covered>> covered = new HashMap<>();

  /** Windows of which something was done again, by their tables. */
  private final Map<Integer, Set<Block>> replayed = new HashMap<>();

  private @Nullable TableEngine table;
  private long entries;
  private long bytes;

  /** A range of time of which segments have all up to a serial. */
  private record Covered(long first, long last, long serial) {}

  /** Into a store that was made of a manifest. */
  LogReplay(StoreOpening store, StoreManifest manifest) {
    this.store = store;
    this.manifest = manifest;
    store.tables().forEach(each -> tables.put(each.id(), each));
    Map<Integer, Map<Long, Long>> ends = new HashMap<>();
    for (TableEntry entry : manifest.contents().tables()) {
      Map<Long, Long> ofTable = ends.computeIfAbsent(entry.id(), id -> new HashMap<>());
      for (WindowEntry window : entry.windows()) {
        ofTable.put(window.first(), window.last());
      }
    }
    for (FlushedWindow window : manifest.flushed()) {
      long last =
          ends.getOrDefault(window.table(), Map.of()).getOrDefault(window.first(), window.first());
      covered
          .computeIfAbsent(window.table(), id -> new ArrayList<>())
          .add(new Covered(window.first(), last, window.serial()));
    }
  }

  /** How many writes were done again. */
  long entries() {
    return entries;
  }

  @Override
  public void createTable(int id, TableShape shape) {
    if (id >= manifest.nextTable()) {
      tables.put(id, store.newTable(id, shape));
      store.forget();
    }
  }

  @Override
  public void dropTable(int id) {
    TableEngine dropped = tables.remove(id);
    if (dropped != null) {
      store.drop(dropped);
      store.forget();
    }
  }

  @Override
  public void floor(int id, long cutoff) {
    TableEngine of = tables.get(id);
    if (of != null) {
      of.deleteBeforeAgain(cutoff);
      store.forget();
    }
  }

  @Override
  public void deleteRange(int id, long first, long last, long version) {
    TableEngine of = tables.get(id);
    if (of == null) {
      return;
    }
    if (version >= manifest.contents().version()) {
      of.deleteRange(TimeRange.closed(first, last));
    } else {
      for (Block window : replayed.getOrDefault(id, Set.of())) {
        if (first <= window.last() && window.first() <= last) {
          of.deleteRange(
              TimeRange.closed(Math.max(first, window.first()), Math.min(last, window.last())));
        }
      }
    }
    store.forget();
  }

  @Override
  public boolean section(LoggedWindow window) {
    endSection();
    table = tables.get(window.table());
    if (table == null || isInSegments(window)) {
      return false;
    }
    replayed
        .computeIfAbsent(window.table(), id -> new HashSet<>())
        .add(new Block(window.first(), window.last()));
    table.makeWayFor(window.first(), window.last());
    return true;
  }

  private boolean isInSegments(LoggedWindow window) {
    for (Covered range : covered.getOrDefault(window.table(), List.of())) {
      if (window.serial() <= range.serial
          && window.first() <= range.last
          && range.first <= window.last()) {
        return true;
      }
    }
    return false;
  }

  private void endSection() {
    if (table != null) {
      table.endWindowOfLog();
      table = null;
      store.forget();
    }
  }

  @Override
  public void frame(LogFrame frame) {
    TableEngine to = Objects.requireNonNull(table);
    entries++;
    if (frame.last() < to.currentFloor()) {
      return;
    }
    switch (frame.kind()) {
      case APPEND ->
          to.append(
              frame.key().bytes(),
              frame.key().offset(),
              frame.key().length(),
              frame.timestamp(),
              frame.value().bytes(),
              frame.value().offset(),
              frame.value().length());
      case PUT -> to.put(frame.key(), frame.timestamp(), frame.subkey(), frame.value());
      case REMOVE -> to.remove(frame.key(), frame.timestamp(), frame.subkey());
      case REMOVE_RANGE -> to.removeRange(frame.key(), frame.timestamp(), frame.last());
    }
    bytes += frame.key().length() + frame.subkey().length() + frame.value().length() + ROW_BYTES;
    if (bytes > store.bytesToFlush()) {
      store.flush();
      bytes = 0;
    }
  }

  @Override
  public void commit(long number, CommitToken token) {
    endSection();
  }
}
