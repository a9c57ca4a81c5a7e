package io.timelog.internal.memtable;

import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads single entries of the chains of one window of a map. For any number of threads. */
final class ChainReader {
  /** Where no row is. */
  static final long NOWHERE = 0;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkIndexes indexes;
  private final ChunkSearch search;

  ChainReader(Arena arena, RowCodec rows, ChunkIndexes indexes) {
    this.arena = arena;
    this.rows = rows;
    this.indexes = indexes;
    this.search = new ChunkSearch(rows);
  }

  /**
   * Where the row of a map at a timestamp and subkey is, an entry or the tombstone of one: the
   * reference of its block in the upper half, its place in the buffer in the lower; {@link
   * #NOWHERE} if there is none. Takes a number of steps that grows with the logarithm of the
   * entries, unless the version is older than the index of the chain.
   */
  long find(int node, int version, long timestamp, Span subkey) {
    int steps = 0;
    boolean inlineIsValid = true;
    int current = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (Chunk.created(buffer, chunk) > version) {
        current = ChainCursor.before(buffer, chunk);
      } else {
        inlineIsValid = false;
        int used = Chunk.usedAt(buffer, chunk, version);
        if (used > 0 && rows.compareInMap(buffer, chunk + Chunk.ROWS, timestamp, subkey) <= 0) {
          int row = search.find(buffer, chunk, used, timestamp, subkey);
          return row < 0 ? NOWHERE : place(current, row);
        }
        current = Chunk.prev(buffer, chunk);
      }
      if (++steps == ChunkIndexes.MIN_CHUNKS) {
        ChunkIndex index = indexes.of(node);
        int found =
            index == null || !index.isFor(version) ? Arena.NONE : index.find(timestamp, subkey);
        current = found == Arena.NONE ? current : found;
      }
    }
    return inlineIsValid ? findInline(node, version, timestamp, subkey) : NOWHERE;
  }

  /** As {@link #find}, of the inline row alone. */
  long findInline(int node, int version, long timestamp, Span subkey) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    if (KeyNode.created(buffer, offset) > version) {
      return NOWHERE;
    }
    int row = KeyNode.inlineRow(buffer, offset);
    return rows.compareInMap(buffer, row, timestamp, subkey) == 0 ? place(node, row) : NOWHERE;
  }

  private static long place(int block, int row) {
    return (long) block << Integer.SIZE | row;
  }

  /** A copy of the value of the entry at a place. */
  byte[] value(long place) {
    ByteBuffer buffer = arena.buffer((int) (place >>> Integer.SIZE));
    int row = (int) place;
    int payload = rows.payloadOffset(buffer, row);
    return RowFormat.mapValue(buffer, payload, row + rows.rowBytesAt(buffer, row));
  }

  /** Copies the value of the entry at a place, if there is a target; returns its length. */
  int read(long place, @Nullable ByteTarget into) {
    ByteBuffer buffer = arena.buffer((int) (place >>> Integer.SIZE));
    int row = (int) place;
    int start = RowFormat.mapValueStart(buffer, rows.payloadOffset(buffer, row));
    int length = row + rows.rowBytesAt(buffer, row) - start;
    if (into != null) {
      into.set(buffer, start, length);
    }
    return length;
  }

  /** A cursor that stands on the row at a place, the only one it has. */
  RowCursor row(long place) {
    return new Found(arena.buffer((int) (place >>> Integer.SIZE)), rows, (int) place);
  }

  private static final class Found extends RowCursor {
    Found(ByteBuffer buffer, RowCodec rows, int row) {
      timestamp = rows.timestamp(buffer, row);
      tombstone = rows.isTombstone(buffer, row);
      payload = buffer;
      payloadOffset = rows.payloadOffset(buffer, row);
      payloadLength = row + rows.rowBytesAt(buffer, row) - payloadOffset;
    }

    @Override
    public boolean advance() {
      return false;
    }
  }
}
