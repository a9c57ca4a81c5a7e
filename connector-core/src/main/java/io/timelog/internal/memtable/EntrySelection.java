package io.timelog.internal.memtable;

import io.timelog.internal.row.RowCursor;
import java.util.BitSet;

/** Asks about the entries of all keys, and takes none out. */
final class EntrySelection extends RowSweep {
  private final EntryChoice choice;
  private final BitSet chosen = new BitSet();
  private int asked;

  EntrySelection(KeyNodes nodes, RowRemoval removal, RowCodec rows, EntryChoice choice) {
    super(nodes, removal, rows);
    this.choice = choice;
  }

  /** The chosen ones, by their number in the order of a sweep. */
  BitSet chosen() {
    return chosen;
  }

  @Override
  boolean removes(int node, RowCursor row) {
    if (!row.isTombstone()) {
      if (choice.includes(keyOf(node), row)) {
        chosen.set(asked);
      }
      asked++;
    }
    return false;
  }
}
