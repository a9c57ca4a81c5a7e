package io.timelog.internal.memtable;

import io.timelog.internal.key.KeyHash;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;

/** Walks over nodes of one window, in the order in which they are given or in reverse. */
final class NodeCursor extends KeyCursor {
  private final KeyNodes nodes;
  private final long[] sightings;
  private final int version;
  private final int step;
  private final ReadAhead ahead;
  private final ChainCursor forward;
  private final ChainCursor backward;
  private int index;

  /** Which of the keys of the present batch the cursor is at. */
  private int batched = ReadAhead.NODES - 1;

  /** Reads the rows of each node, as of a version, with one of the two cursors. */
  NodeCursor(
      KeyNodes nodes,
      long[] sightings,
      int version,
      ReadAhead ahead,
      Direction direction,
      ChainCursor forward,
      ChainCursor backward) {
    this.nodes = nodes;
    this.sightings = sightings;
    this.version = version;
    this.step = direction.step();
    this.ahead = ahead;
    this.forward = forward;
    this.backward = backward;
    this.index = step > 0 ? -1 : sightings.length;
  }

  @Override
  public boolean advance() {
    int next = index + step;
    if (next < 0 || next >= sightings.length) {
      return false;
    }
    index = next;
    batched++;
    if (batched == ReadAhead.NODES) {
      batched = 0;
      ahead.touch(sightings, next, step);
    }
    return true;
  }

  int node() {
    return Sighting.node(sightings[index]);
  }

  @Override
  public int group() {
    return nodes.group(node());
  }

  @Override
  public int hash() {
    int length = keyLength();
    byte[] key = new byte[length];
    keyBuffer().get(keyOffset(), key);
    return KeyHash.hash32(key, 0, length);
  }

  @Override
  public ByteBuffer keyBuffer() {
    return nodes.keyBuffer(node());
  }

  @Override
  public int keyOffset() {
    return nodes.keyOffset(node());
  }

  @Override
  public int keyLength() {
    return nodes.keyLength(node());
  }

  @Override
  public RowCursor rows(long from, long to, Direction direction) {
    ChainCursor cursor = direction == Direction.FORWARD ? forward : backward;
    int place = ahead.place(batched);
    return place != ReadAhead.NOWHERE
            && cursor.openOnly(ahead.buffer(batched), place, ahead.rowBytes(batched), from, to)
        ? cursor
        : cursor.open(node(), version, from, to);
  }
}
