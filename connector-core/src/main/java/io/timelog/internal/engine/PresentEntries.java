package io.timelog.internal.engine;

import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import org.jspecify.annotations.Nullable;

/**
 * The single entries of a map as its writer sees them: what is there now, without a lease. For the
 * writer, while it has the gate or a claim to it.
 */
final class PresentEntries {
  /*
   * Whoever else may change or free something of a table, another writer or the relief of another
   * store, needs the gate first. Only maintenance does not; it replaces sealed sources, never a window
   * that takes writes. So such a window may be read as it is, and everything else in a view that is held
   * meanwhile.
   */
  private final WriterGate gate;
  private final CurrentView views;
  private final ReadScope scope = new ReadScope();

  PresentEntries(WriterGate gate, CurrentView views) {
    this.gate = gate;
    this.views = views;
  }

  /**
   * The length of the value of the entry at a timestamp and subkey, which is copied; {@link
   * PointRead#ABSENT} if there is none.
   *
   * @param into null if only the length is asked for
   */
  int read(Key key, long timestamp, Span subkey, @Nullable ByteTarget into) {
    if (timestamp < views.floor()) {
      return PointRead.ABSENT;
    }
    TableView now = views.get();
    int index = now.indexAt(timestamp);
    if (index < 0) {
      return PointRead.ABSENT;
    }
    MemtableWindow only = onlyMemtable(now, index);
    if (only != null && PointRead.isPlain(now, index)) {
      return only.rows().read(key, gate.version(), timestamp, subkey, into);
    }
    TableView held = views.retain();
    scope.at(gate.version());
    try {
      return PointRead.read(held, scope, key, timestamp, subkey, into);
    } finally {
      scope.close();
      held.release();
    }
  }

  /** The window that takes writes at a timestamp, if nothing else has rows there; else null. */
  static @Nullable MemtableWindow onlyMemtableAt(TableView view, long timestamp) {
    int index = view.indexAt(timestamp);
    return index < 0 ? null : onlyMemtable(view, index);
  }

  /** As {@link #onlyMemtableAt}, of the partition window of this number. */
  static @Nullable MemtableWindow onlyMemtable(TableView view, int index) {
    Source only = view.onlySource(index);
    return only != null && only.stage() == Source.Stage.ACTIVE ? only.memtable() : null;
  }
}
