package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;

/**
 * Goes over the rows of all keys, and takes those out of their chains that {@link #removes}. As
 * long as nothing is written, each sweep goes over them in the same order.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
abstract class RowSweep {
  private final KeyNodes nodes;
  private final RowRemoval removal;
  private final RowCodec rows;
  private final Key key = new Key();
  private final Row row = new Row();
  private byte[] keyBytes = new byte[64];
  private boolean keyIsRead;

  RowSweep(KeyNodes nodes, RowRemoval removal, RowCodec rows) {
    this.nodes = nodes;
    this.removal = removal;
    this.rows = rows;
  }

  /** Whether a row of the {@linkplain #keyOf key} of a node is to be removed; asked once. */
  abstract boolean removes(int node, RowCursor row);

  final void overAll() {
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
    keyIsRead = false;
    removal.removeChosen(node, (buffer, position) -> removes(node, row.at(buffer, position, rows)));
  }

  /** The key of the node that is swept, until the next one is. */
  final Key keyOf(int node) {
    if (!keyIsRead) {
      int length = nodes.keyLength(node);
      if (keyBytes.length < length) {
        keyBytes = new byte[2 * length];
      }
      nodes.keyBuffer(node).get(nodes.keyOffset(node), keyBytes, 0, length);
      key.set(keyBytes, 0, length, nodes.group(node));
      keyIsRead = true;
    }
    return key;
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
