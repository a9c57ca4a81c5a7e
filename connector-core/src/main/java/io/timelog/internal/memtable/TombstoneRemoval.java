package io.timelog.internal.memtable;

import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.UnneededTombstones;

/** Takes tombstones that hide nothing any more out of the chains of all keys. */
final class TombstoneRemoval extends RowSweep {
  private final UnneededTombstones unneeded;

  TombstoneRemoval(KeyNodes nodes, RowRemoval removal, RowCodec rows, UnneededTombstones unneeded) {
    super(nodes, removal, rows);
    this.unneeded = unneeded;
  }

  @Override
  boolean removes(int node, RowCursor row) {
    return row.isTombstone() && unneeded.include(keyOf(node), row);
  }
}
