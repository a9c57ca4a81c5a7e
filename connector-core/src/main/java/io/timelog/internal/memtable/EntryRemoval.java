package io.timelog.internal.memtable;

import io.timelog.internal.row.RowCursor;
import java.util.BitSet;

/** Takes entries that were {@linkplain EntrySelection selected} out of the chains of all keys. */
final class EntryRemoval extends RowSweep {
  private final BitSet chosen;
  private int passed;

  EntryRemoval(KeyNodes nodes, RowRemoval removal, RowCodec rows, BitSet chosen) {
    super(nodes, removal, rows);
    this.chosen = chosen;
  }

  @Override
  boolean removes(int node, RowCursor row) {
    return !row.isTombstone() && chosen.get(passed++);
  }
}
