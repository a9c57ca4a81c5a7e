package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.UnneededTombstones;
import java.nio.ByteBuffer;

/**
 * Takes tombstones that hide nothing any more out of the chains of all keys.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class TombstoneRemoval {
  private final KeyNodes nodes;
  private final RowRemoval removal;
  private final RowCodec rows;
  private final UnneededTombstones unneeded;
  private final Key key = new Key();
  private final Row row = new Row();

  TombstoneRemoval(KeyNodes nodes, RowRemoval removal, RowCodec rows, UnneededTombstones unneeded) {
    this.nodes = nodes;
    this.removal = removal;
    this.rows = rows;
    this.unneeded = unneeded;
  }

  void removeFromAll() {
    KeyTable.Walk walk = nodes.walk();
    while (walk.advance()) {
      removeFrom(walk.node());
    }
    nodes
        .colliding()
        .moveAll(
            node -> {
              removeFrom(node);
              return node;
            });
  }

  private void removeFrom(int node) {
    removal.removeTombstones(
        node,
        (buffer, position) -> {
          readKey(node);
          return unneeded.include(key, row.at(buffer, position, rows));
        });
  }

  private void readKey(int node) {
    byte[] bytes = new byte[nodes.keyLength(node)];
    nodes.keyBuffer(node).get(nodes.keyOffset(node), bytes);
    key.set(bytes, 0, bytes.length, nodes.group(node));
  }

  /** A cursor that stands on a row. */
  private static final class Row extends RowCursor {
    Row at(ByteBuffer buffer, int position, RowCodec rows) {
      timestamp = rows.timestamp(buffer, position);
      tombstone = rows.isTombstone(buffer, position);
      payload = buffer;
      payloadOffset = rows.payloadOffset(buffer, position);
      payloadLength = position + rows.rowBytesAt(buffer, position) - payloadOffset;
      return this;
    }

    @Override
    public boolean advance() {
      return false;
    }
  }
}
