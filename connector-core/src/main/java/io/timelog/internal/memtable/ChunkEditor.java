package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts rows among others: in the chunk where they belong, in a copy of it, or in a new one beside
 * it.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChunkEditor {
  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSizes sizes;
  private final ChunkSearch search;
  private final Reclamation readers;
  private final ChunkIndexes indexes;
  private final ChunkIndexer indexer;
  private final ChainLinks links;
  private final ChunkFinder finder;

  /** New chunks that are not linked yet. */
  private int[] pieces = new int[8];

  private int pieceCount;

  ChunkEditor(
      Arena arena,
      RowCodec rows,
      ChunkSizes sizes,
      ChunkSearch search,
      Reclamation readers,
      ChunkIndexes indexes,
      ChunkIndexer indexer,
      ChainLinks links,
      ChunkFinder finder) {
    this.arena = arena;
    this.rows = rows;
    this.sizes = sizes;
    this.search = search;
    this.readers = readers;
    this.indexes = indexes;
    this.indexer = indexer;
    this.links = links;
    this.finder = finder;
  }

  /**
   * Puts a row into the found chunk or one beside it. False if the chain had to be changed first:
   * then the place of the row has to be looked for again.
   */
  boolean edit(int node, int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int used = Chunk.used(buffer, chunk);
    int capacity = Chunk.capacity(buffer, chunk);
    int rest = used - at - replaced;
    int newUsed = used - replaced + rowBytes;
    boolean several = Chunk.lastRow(buffer, chunk) > 0;
    boolean fitsOne = newUsed <= ChunkSizes.MAX_BYTES || used == replaced;
    if (readers.isFrozen(Chunk.created(buffer, chunk))) {
      if (used > 0 && at == used && !fitsOne) {
        putBeside(node, found, row, rowBytes);
        return true;
      }
      if (fitsOne) {
        compose(node, found, at, replaced, row, rowBytes);
        return true;
      }
      thaw(node);
      return false;
    }
    Chunk.clearStamps(buffer, chunk);
    boolean alike = Chunk.stride(buffer, chunk) == rowBytes;
    boolean large = used > ChunkSizes.MAX_BYTES && several;
    boolean inPlace =
        newUsed <= capacity
            && !(large && (!alike || (replaced == 0 && rest > ChunkSizes.MAX_BYTES)))
            && !isWasteful(capacity, newUsed, replaced, rowBytes);
    if (inPlace) {
      editInPlace(found, at, replaced, row, rowBytes);
      return true;
    }
    if (replaced == 0 && (large || used >= ChunkSizes.MIN_SPLIT_BYTES || !fitsOne)) {
      if (at == used || (at == 0 && !several)) {
        if (at == used) {
          putBeside(node, found, row, rowBytes);
        } else {
          putBelow(node, found, row, rowBytes);
        }
        return true;
      }
      split(node, at, rowBytes, spare(row));
      return false;
    }
    if (fitsOne) {
      compose(node, found, at, replaced, row, rowBytes);
      return true;
    }
    split(node, at, rowBytes, spare(row));
    return false;
  }

  /** Whether a row that got smaller leaves so much of its chunk empty that another one is due. */
  private static boolean isWasteful(int capacity, int newUsed, int replaced, int rowBytes) {
    if (capacity < ChunkSizes.MIN_SHRINK_BYTES || replaced <= rowBytes) {
      return false;
    }
    return newUsed < capacity - capacity / 4;
  }

  private void editInPlace(int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int rest = used - at - replaced;
    int last = Chunk.lastRow(buffer, chunk);
    int stride = Chunk.stride(buffer, chunk);
    if (rest > 0 && replaced != rowBytes) {
      buffer.put(base + at + rowBytes, buffer, base + at + replaced, rest);
    }
    rows.write(row, buffer, base + at);
    Chunk.setRows(
        buffer,
        chunk,
        used - replaced + rowBytes,
        rest == 0 ? at : last - replaced + rowBytes,
        stride == rowBytes || used == replaced ? rowBytes : unlike(buffer, chunk, replaced));
  }

  /** The number of rows that differ in size, when one is added to a chunk or replaces another. */
  private static int unlike(ByteBuffer buffer, int chunk, int replaced) {
    int rows = Chunk.rows(buffer, chunk);
    return Chunk.unlike(rows < 0 || replaced > 0 ? rows : rows + 1);
  }

  /** Puts a chunk with the edited rows in the place of the found one. */
  private void compose(int node, int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer source = arena.buffer(found);
    int sourceChunk = Arena.offset(found);
    int base = sourceChunk + Chunk.ROWS;
    int used = Chunk.used(source, sourceChunk);
    int rest = used - at - replaced;
    int newUsed = used - replaced + rowBytes;
    int capacity =
        used == replaced
            ? rowBytes
            : replaced > 0 || row.isTombstone() ? newUsed + newUsed / 8 : sizes.ofCopy(newUsed);
    int last = Chunk.lastRow(source, sourceChunk);
    int stride = Chunk.stride(source, sourceChunk);
    int other = links.newChunk(capacity, Chunk.chain(source, sourceChunk));
    ByteBuffer buffer = arena.buffer(other);
    int chunk = Arena.offset(other);
    buffer.put(chunk + Chunk.ROWS, source, base, at);
    rows.write(row, buffer, chunk + Chunk.ROWS + at);
    buffer.put(chunk + Chunk.ROWS + at + rowBytes, source, base + at + replaced, rest);
    Chunk.setRows(
        buffer,
        chunk,
        newUsed,
        rest == 0 ? at : last - replaced + rowBytes,
        stride == rowBytes || used == replaced ? rowBytes : unlike(source, sourceChunk, replaced));
    links.takePlace(node, found, finder.successor(), other);
  }

  /** A row that comes behind all rows of the found chunk gets a chunk of its own. */
  private void putBeside(int node, int found, PendingRow row, int rowBytes) {
    int chain = Chunk.chain(arena.buffer(found), Arena.offset(found));
    links.putAbove(node, found, finder.successor(), row, sizes.ofRow(rowBytes), chain);
  }

  /** A row that comes before the only row of the found chunk gets a chunk of its own. */
  private void putBelow(int node, int found, PendingRow row, int rowBytes) {
    ByteBuffer foundBuffer = arena.buffer(found);
    int foundOffset = Arena.offset(found);
    indexer.makeRoom(node, 1);
    int below = links.newChunk(sizes.ofRow(rowBytes), Chunk.chain(foundBuffer, foundOffset));
    ByteBuffer buffer = arena.buffer(below);
    int chunk = Arena.offset(below);
    rows.write(row, buffer, chunk + Chunk.ROWS);
    Chunk.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    Chunk.setOld(buffer, chunk, Chunk.old(foundBuffer, foundOffset));
    Chunk.publishPrev(buffer, chunk, Chunk.prev(foundBuffer, foundOffset));
    Chunk.publishPrev(foundBuffer, foundOffset, below);
    ChunkIndex index = indexer.index(node);
    if (index != null) {
      indexer.noteReplaced(node, found, below);
      int first = foundOffset + Chunk.ROWS;
      long before = index.bytes();
      index.insertAbove(
          below, found, rows.timestamp(foundBuffer, first), indexer.subkey(foundBuffer, first));
      indexes.changed(index, before);
    }
  }

  /**
   * Makes room in the found chunk, which no reader sees and which has several rows, by moving its
   * later rows to a new chunk above it: those after the place of the row if that is near the end,
   * as it is when the row is a straggler, else the later half.
   *
   * @param sparePart this part of each of the two chunks is left free for rows to come
   */
  void split(int node, int at, int rowBytes, int sparePart) {
    int found = finder.chunk();
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    Chunk.clearStamps(buffer, chunk);
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int boundary =
        at > used - used / 4 && at < used
            ? at
            : search.boundary(buffer, base, base + used / 2, base + used) - base;
    if (boundary == used) {
      boundary = Chunk.lastRow(buffer, chunk);
    }
    int moved = used - boundary;
    int room = Math.max(moved / sparePart, Math.min(rowBytes, ChunkSizes.MAX_BYTES));
    int stride = Chunk.stride(buffer, chunk);
    int last = Chunk.lastRow(buffer, chunk);
    indexer.makeRoom(node, 1);
    int upper = links.newChunk(moved + room, Chunk.chain(buffer, chunk));
    ByteBuffer upperBuffer = arena.buffer(upper);
    int upperChunk = Arena.offset(upper);
    upperBuffer.put(upperChunk + Chunk.ROWS, buffer, base + boundary, moved);
    int rowsBelow = search.count(buffer, chunk, 0, boundary);
    int all = Chunk.rows(buffer, chunk);
    Chunk.setRows(
        upperBuffer,
        upperChunk,
        moved,
        last - boundary,
        stride > 0 ? stride : Chunk.unlike(all < 0 ? all : all - rowsBelow));
    Chunk.setOld(upperBuffer, upperChunk, Chunk.old(buffer, chunk));
    Chunk.publishPrev(upperBuffer, upperChunk, found);
    Chunk.setRows(
        buffer,
        chunk,
        boundary,
        search.lastRowBefore(buffer, chunk, boundary),
        stride > 0 ? stride : Chunk.unlike(rowsBelow));
    links.link(node, finder.successor(), upper);
    indexer.noteAbove(node, found, upper);
    indexer.indexIfLong(node, upper);
    links.cutOff(
        found, boundary + Math.max(boundary / sparePart, Math.min(rowBytes, ChunkSizes.MAX_BYTES)));
  }

  /**
   * Tombstones must find room when memory is short, so they may not cost much more than they take.
   */
  private int spare(PendingRow row) {
    return row.isTombstone() ? ChunkSizes.LEAST_SPARE_PART : sizes.sparePart();
  }

  /** Puts copies that no reader sees, of the usual size, in the place of the found chunk. */
  private void thaw(int node) {
    int found = finder.chunk();
    ByteBuffer source = arena.buffer(found);
    int base = Arena.offset(found) + Chunk.ROWS;
    int used = Chunk.used(source, Arena.offset(found));
    int count = Math.max(1, (used + ChunkSizes.MAX_BYTES - 1) / ChunkSizes.MAX_BYTES);
    pieceCount = 0;
    indexer.makeRoom(node, count);
    try {
      int from = 0;
      for (int i = 1; i <= count; i++) {
        int to =
            i < count
                ? search.boundary(source, base + from, base + used / count * i, base + used) - base
                : used;
        if (to > from) {
          addPiece(found, from, to);
          from = to;
        }
      }
    } catch (MemoryBudgetExceededException noRoom) {
      for (int i = 0; i < pieceCount; i++) {
        ByteBuffer buffer = arena.buffer(pieces[i]);
        arena.free(pieces[i], Chunk.ROWS + Chunk.capacity(buffer, Arena.offset(pieces[i])));
      }
      throw noRoom;
    }
    int below = links.prev(found);
    for (int i = 0; i < pieceCount; i++) {
      ByteBuffer buffer = arena.buffer(pieces[i]);
      Chunk.setOld(buffer, Arena.offset(pieces[i]), found);
      Chunk.publishPrev(buffer, Arena.offset(pieces[i]), below);
      below = pieces[i];
    }
    links.link(node, finder.successor(), below);
    indexer.noteReplaced(node, found, pieces[0]);
    for (int i = 1; i < pieceCount; i++) {
      indexer.noteAbove(node, pieces[i - 1], pieces[i]);
    }
    links.retire(found);
  }

  private void addPiece(int found, int from, int to) {
    ByteBuffer source = arena.buffer(found);
    int sourceChunk = Arena.offset(found);
    int base = sourceChunk + Chunk.ROWS;
    int bytes = to - from;
    int chain = Chunk.chain(source, sourceChunk);
    int reference = links.newChunk(sizes.ofCopy(bytes), chain);
    if (pieceCount == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieceCount);
    }
    pieces[pieceCount++] = reference;
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    buffer.put(chunk + Chunk.ROWS, source, base + from, bytes);
    int stride = Chunk.stride(source, sourceChunk);
    int last = bytes - stride;
    if (stride == 0) {
      int count = 0;
      for (int position = 0; position < bytes; count++) {
        last = position;
        position += rows.rowBytesAt(buffer, chunk + Chunk.ROWS + position);
      }
      stride = Chunk.unlike(count);
    }
    Chunk.setRows(buffer, chunk, bytes, last, stride);
  }

  /** Two range tombstones from the same timestamp on become one, as far as the further reaches. */
  void keepWiderRange(ByteBuffer buffer, int existing, PendingRow row) {
    if (row.isRangeTombstone() && rows.isTombstone(buffer, existing)) {
      long last = RowFormat.rangeLast(buffer, rows.payloadOffset(buffer, existing));
      row.rangeTombstone(row.timestamp(), Math.max(last, row.rangeLast()));
    }
  }
}
