package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Adds rows to the chains of one window.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChainWriter {
  /*
   * Rows of a chain are kept sorted when they are written, so that reading never sorts. In order, which
   * is nearly always, a row goes to the end of the newest chunk. Out of order it is moved into its
   * place in the chunk it belongs to, which is small; a chunk that gets too full is split, so that a
   * chain under random input becomes a list of partly full chunks, like the leaves of a B+-tree. Rows that
   * come in order leave a little room in a full-grown chunk for the stragglers among them.
   *
   * What an open reader may see is never changed. A chunk is frozen if it was created at or before the
   * newest version that an open reader has. Rows may be added to the end of a frozen chunk, behind a
   * stamp that hides them from earlier readers. For any other change new chunks take its place in the
   * chain, and lead earlier readers to it: they go on from there by the links that it had, which are never changed
   * again. So a chain holds current chunks only, and a walk along it costs no more for what was
   * replaced. A chunk that leaves the chain is freed when no open reader can stand on it.
   *
   * A frozen chunk whose rows are all removed is replaced by an empty one that leads to it. That one is
   * unlinked by a later walk of the writer, once no reader is old enough to need it.
   *
   * An inline row that no reader sees is removed by making it a row of no version, so that keys that come
   * and go cost no chunks. A later row of the same size takes its place.
   *
   * An edit first allocates, then writes, then links with one release store, so an edit that finds no
   * memory changes nothing.
   */

  /** What a chunk takes beside its rows, and what rounding adds. */
  private static final long CHUNK_OVERHEAD_BYTES = Chunk.ROWS + 2 * Long.BYTES;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSizes sizes;
  private final ChunkSearch search;
  private final Reclamation readers;
  private final RowCounts counts;
  private final ChunkIndexer indexer;
  private final ChainLinks links;
  private final ChunkFinder finder;
  private final InlineRows inlineRows;
  private final ChunkEditor editor;

  ChainWriter(
      Arena arena,
      RowCodec rows,
      ChunkSizes sizes,
      ChunkSearch search,
      Reclamation readers,
      RowCounts counts,
      ChunkIndexer indexer,
      ChainLinks links,
      ChunkFinder finder,
      InlineRows inlineRows,
      ChunkEditor editor) {
    this.arena = arena;
    this.rows = rows;
    this.sizes = sizes;
    this.search = search;
    this.readers = readers;
    this.counts = counts;
    this.indexer = indexer;
    this.links = links;
    this.finder = finder;
    this.inlineRows = inlineRows;
    this.editor = editor;
  }

  /** Adds a row of a multimap behind all rows of the same timestamp. */
  void append(int node, Key key, PendingRow row) {
    int tail = links.tail(node);
    if (tail == Arena.NONE) {
      appendBehindInline(node, key, row);
      return;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    if (Chunk.used(buffer, chunk) > 0 && rows.newest(buffer, chunk) <= row.timestamp()) {
      appendAtEnd(node, tail, key, row);
    } else {
      insert(node, row);
    }
  }

  private void appendBehindInline(int node, Key key, PendingRow row) {
    if (inlineRows.isRemovedInline(node)) {
      inlineRows.writeFirstRow(node, row);
    } else {
      inlineRows.startChain(node, sizes.before(key), rows.rowBytes(row.payloadLength()));
      append(node, key, row);
    }
  }

  /**
   * Adds rows of a multimap that come in order and are alike to the end of the newest chunk, as
   * long as there is room in it.
   *
   * @return how many were added; 0 if the next row has to be {@linkplain #append appended} by
   *     itself
   */
  int appendStretch(int node, PendingRows pending, int from, int to) {
    int tail = links.tail(node);
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int stride = Chunk.stride(buffer, chunk);
    int used = Chunk.used(buffer, chunk);
    if (stride == 0
        || used == 0
        || readers.isFrozen(Chunk.written(buffer, chunk))
        || rows.rowBytes(pending.length(from)) != stride) {
      return 0;
    }
    int room = (roomAtEnd(buffer, chunk) - used) / stride;
    int base = chunk + Chunk.ROWS;
    long newest = rows.newest(buffer, chunk);
    int added =
        rows.writeStretch(pending, from, Math.min(to, from + room), newest, buffer, base + used);
    if (added > 0) {
      int end = used + added * stride;
      Chunk.setRows(buffer, chunk, end, end - stride, stride);
      counts.addRows(added);
    }
    return added;
  }

  /** How many bytes rows that come in order may take in a chunk. */
  private static int roomAtEnd(ByteBuffer buffer, int chunk) {
    int capacity = Chunk.capacity(buffer, chunk);
    int stamps = Chunk.stamps(buffer, chunk);
    return stamps == 0 ? roomInOrder(capacity) : capacity - stamps * Chunk.STAMP_BYTES;
  }

  private static int roomInOrder(int capacity) {
    return capacity - ChunkSizes.headroom(capacity);
  }

  /**
   * Adds a row of a map, or puts it in the place of the row with the same timestamp and subkey.
   *
   * @return whether it was added
   */
  boolean put(int node, Key key, PendingRow row) {
    indexer.orderAsMap();
    int tail = links.tail(node);
    if (tail == Arena.NONE) {
      return putInline(node, key, row);
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    if (Chunk.used(buffer, chunk) > 0
        && (rows.newest(buffer, chunk) < row.timestamp()
            || rows.compareInMap(buffer, chunk + Chunk.ROWS + Chunk.lastRow(buffer, chunk), row)
                < 0)) {
      appendAtEnd(node, tail, key, row);
      return true;
    }
    return insert(node, row);
  }

  private boolean putInline(int node, Key key, PendingRow row) {
    if (inlineRows.isRemovedInline(node)) {
      inlineRows.writeFirstRow(node, row);
      return true;
    }
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int inline = KeyNode.inlineRow(buffer, offset);
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (rows.compareInMap(buffer, inline, row) != 0) {
      inlineRows.startChain(node, sizes.before(key), rowBytes);
      return put(node, key, row);
    }
    editor.keepWiderRange(buffer, inline, row);
    boolean wasTombstone = rows.isTombstone(buffer, inline);
    if (rows.rowBytesAt(buffer, inline) == rowBytes
        && !readers.isFrozen(KeyNode.created(buffer, offset))) {
      rows.write(row, buffer, inline);
    } else {
      int only = links.newChunk(rowBytes, rowBytes);
      ByteBuffer chunkBuffer = arena.buffer(only);
      int chunk = Arena.offset(only);
      rows.write(row, chunkBuffer, chunk + Chunk.ROWS);
      Chunk.setRows(chunkBuffer, chunk, rowBytes, 0, rowBytes);
      KeyNode.publishTail(buffer, offset, only);
      inlineRows.dropInlineRow(node);
    }
    counts.replace(wasTombstone, row);
    return false;
  }

  private void appendAtEnd(int node, int tail, Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (writeAtEnd(tail, row, rowBytes)) {
      return;
    }
    int chain = Chunk.chain(arena.buffer(tail), Arena.offset(tail));
    int capacity = capacityBehind(tail, key, rowBytes);
    links.putAbove(node, tail, Arena.NONE, row, capacity, ChunkSizes.saturatedAdd(chain, capacity));
    counts.add(row, 0);
  }

  /** What the next chunk of a chain gets. */
  int capacityBehind(int tail, Key key, int rowBytes) {
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int chain = Chunk.chain(buffer, chunk);
    int stride = Chunk.stride(buffer, chunk);
    int stamps = Chunk.stamps(buffer, chunk);
    int added = stamps == 0 ? 0 : Chunk.used(buffer, chunk) - Chunk.usedBeforeStamps(buffer, chunk);
    return readers.isFrozen(Chunk.created(buffer, chunk))
        ? sizes.nextBehindFrozen(chain, added, stamps, stride, rowBytes)
        : sizes.next(chain, key, stride, rowBytes);
  }

  /** Adds a row to the end of a chunk that has rows, if there is room for it and its stamp. */
  private boolean writeAtEnd(int reference, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int used = Chunk.used(buffer, chunk);
    int stride = Chunk.stride(buffer, chunk);
    int room;
    int number = 0;
    if (!readers.isFrozen(Chunk.created(buffer, chunk))) {
      Chunk.clearStamps(buffer, chunk);
      room = roomInOrder(Chunk.capacity(buffer, chunk));
    } else {
      if (readers.isFrozen(Chunk.written(buffer, chunk))) {
        number = Chunk.stampToWrite(buffer, chunk, readers.oldest());
        if (number > Chunk.MAX_STAMPS) {
          return false;
        }
      }
      int stamps = Math.max(number, Chunk.stamps(buffer, chunk));
      room = Chunk.capacity(buffer, chunk) - stamps * Chunk.STAMP_BYTES;
    }
    if (used + rowBytes > room || (stride != rowBytes && used + rowBytes > ChunkSizes.MAX_BYTES)) {
      return false;
    }
    if (number > 0) {
      Chunk.publishStamp(buffer, chunk, number, readers.version());
    }
    rows.write(row, buffer, chunk + Chunk.ROWS + used);
    Chunk.setRows(
        buffer,
        chunk,
        used + rowBytes,
        used,
        stride == rowBytes || used == 0 ? rowBytes : oneMore(Chunk.rows(buffer, chunk)));
    counts.add(row, used);
    return true;
  }

  private static int oneMore(int rows) {
    return Chunk.unlike(rows < 0 ? rows : rows + 1);
  }

  /** Puts a row in its place; returns whether it was added and did not replace another one. */
  private boolean insert(int node, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    while (true) {
      finder.findChunk(node, row);
      int found = finder.chunk();
      ByteBuffer buffer = arena.buffer(found);
      int chunk = Arena.offset(found);
      int base = chunk + Chunk.ROWS;
      int used = Chunk.used(buffer, chunk);
      int at =
          used == 0
              ? 0
              : indexer.isMap()
                  ? search.firstNotBefore(buffer, chunk, row)
                  : search.firstAfter(buffer, chunk, row.timestamp());
      int replaced = 0;
      boolean wasTombstone = false;
      if (indexer.isMap() && at < used && rows.compareInMap(buffer, base + at, row) == 0) {
        replaced = rows.rowBytesAt(buffer, base + at);
        wasTombstone = rows.isTombstone(buffer, base + at);
        editor.keepWiderRange(buffer, base + at, row);
      }
      if (editor.edit(node, found, at, replaced, row, rowBytes)) {
        if (replaced == 0) {
          counts.add(row, at);
        } else {
          counts.replace(wasTombstone, row);
        }
        return replaced == 0;
      }
    }
  }

  /**
   * At most the bytes of blocks that adding one row allocates.
   *
   * @param key that of the node
   */
  long bytesToInsert(int node, Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int tail = links.tail(node);
    if (tail == Arena.NONE) {
      return bytesToStart(node, key, rowBytes);
    }
    finder.findChunk(node, row);
    int found = finder.chunk();
    long used = Chunk.used(arena.buffer(found), Arena.offset(found));
    // Copies of a usual size in place of a long chunk, or halves of halves of it, and then one with
    // half as much room again in place of one of them.
    long among = 2 * used + used / 2 + 4L * rowBytes + 8 * CHUNK_OVERHEAD_BYTES;
    return found == links.tail(node)
        ? Math.max(among, CHUNK_OVERHEAD_BYTES + capacityBehind(found, key, rowBytes))
        : among;
  }

  /** A first chunk for two rows, or one for the row alone. */
  private long bytesToStart(int node, Key key, int rowBytes) {
    long bytes = 2 * CHUNK_OVERHEAD_BYTES + ChunkSizes.FIRST_ROWS * (long) rowBytes;
    if (!inlineRows.isRemovedInline(node)) {
      ByteBuffer buffer = arena.buffer(node);
      bytes += rows.rowBytesAt(buffer, KeyNode.inlineRow(buffer, Arena.offset(node)));
      bytes += ChunkSizes.expected(sizes.before(key));
    }
    return bytes;
  }

  /**
   * As {@link #bytesToInsert}, when rows are removed before: then the row may come to the end of a
   * chunk that is not near its place now.
   */
  long bytesToInsertAfterRemoval(int node, Key key, PendingRow row) {
    long bytes = bytesToInsert(node, key, row);
    int tail = links.tail(node);
    if (tail == Arena.NONE) {
      return bytes;
    }
    long chain = Chunk.chain(arena.buffer(tail), Arena.offset(tail));
    return bytes
        + CHUNK_OVERHEAD_BYTES
        + Math.min(chain, ChunkSizes.MAX_BYTES) * 3 / 2
        + ChunkSizes.FIRST_ROWS * (long) rows.rowBytes(row.payloadLength());
  }
}
