package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToIntFunction;

/**
 * Changes the chains of one window: the only class that writes into chunks.
 *
 * <p>Not thread-safe: called by the writer of the store, inside one operation.
 */
final class ChainWriter {
  /*
   * Rows of a chain are kept sorted when they are written, so that reading never sorts. In order, which
   * is nearly always, a row goes to the end of the newest chunk. Out of order it is moved into its
   * place in the chunk it belongs to, which is small; a chunk that gets too full is split, so that a
   * chain under random input becomes a list of partly full chunks, like the leaves of a B+-tree. Rows that
   * come in order leave a little room in a full-grown chunk for the stragglers among them.
   *
   * What an open reader may see is never changed. `frozen` is the newest version that an open reader
   * has: a chunk created at or before it is left as it is, marked dead for later readers, and its rows
   * go, edited, into new chunks that earlier readers skip. A frozen chunk at the end of a chain needs no
   * copy for an append: a new chunk is put behind it.
   *
   * An inline row that no reader sees is removed by making it a row of no version, so that keys that come
   * and go cost no chunks. A later row of the same size takes its place.
   *
   * An edit first allocates, then writes, then links with one release store, so an edit that finds no
   * memory changes nothing.
   */

  /** What a chunk takes beside its rows, and what rounding adds. */
  private static final long CHUNK_OVERHEAD_BYTES = ChunkFormat.ROWS + 2 * Long.BYTES;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSizes sizes;
  private final ChunkSearch search;
  private ByteBuffer scratch =
      ByteBuffer.allocateDirect(2 * ChunkSizes.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long garbageBytes;
  private int rowCount;
  private int offsetWritten;

  /**
   * For the chains of a window.
   *
   * @param bytesBefore what the rows of a key took in the window before, or 0; asked when a chunk
   *     is made
   */
  ChainWriter(Arena arena, RowCodec rows, ToIntFunction<Key> bytesBefore) {
    this.arena = arena;
    this.rows = rows;
    this.sizes = new ChunkSizes(arena, bytesBefore);
    this.search = new ChunkSearch(rows);
  }

  /** Bytes of chunks that no new reader will see. */
  long garbageBytes() {
    return garbageBytes;
  }

  /** Rows written minus rows removed or replaced, tombstones included. */
  int rowCount() {
    return rowCount;
  }

  /** Counts the inline row of a node that was copied. */
  void countInlineRow() {
    rowCount++;
    offsetWritten = 0;
  }

  /**
   * Makes the node of a key with its first row: inline, or, where many more are expected, in a
   * chunk right behind the node. Then one cache line leads into the next.
   */
  int newNode(Key key, PendingRow row, int created) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int keyEnd = ChunkFormat.NODE_KEY + RowFormat.varintSize(key.length()) + key.length();
    int chunkStart = (keyEnd + 7) & -8;
    int capacity = sizes.withNode(key, chunkStart, rowBytes);
    if (capacity == 0) {
      int node = arena.allocate(keyEnd + rowBytes);
      writeKey(node, key, created);
      rows.write(row, arena.buffer(node), Arena.offset(node) + keyEnd);
      countInlineRow();
      return node;
    }
    int node = arena.allocate(chunkStart + ChunkFormat.ROWS + capacity);
    writeKey(node, key, ChunkFormat.LIVE);
    int first = Arena.within(node, chunkStart);
    ByteBuffer buffer = arena.buffer(first);
    int chunk = Arena.offset(first);
    ChunkFormat.initChunk(buffer, chunk, created, capacity, capacity);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishNodeTail(buffer, Arena.offset(node), first);
    rowCount++;
    offsetWritten = 0;
    return node;
  }

  private void writeKey(int node, Key key, int created) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    ChunkFormat.initNode(buffer, offset, created);
    int start = RowFormat.putVarint(buffer, offset + ChunkFormat.NODE_KEY, key.length());
    ByteCopy.write(key.bytes(), key.offset(), key.length(), buffer, start);
  }

  /**
   * At most the bytes of the block that {@link #newNode} allocates.
   *
   * @param keyBefore what the rows of the key took in the window before, or 0
   */
  static long bytesForNode(Key key, PendingRow row, int keyBefore) {
    return ChunkFormat.NODE_KEY
        + RowFormat.MAX_VARINT_BYTES
        + key.length()
        + RowCodec.MAX_HEAD_BYTES
        + row.payloadLength()
        + CHUNK_OVERHEAD_BYTES
        + ChunkSizes.expected(keyBefore);
  }

  /** About where in its chunk the row was written that came last, counted from the first row. */
  int offsetWritten() {
    return offsetWritten;
  }

  /** Adds a row of a multimap behind all rows of the same timestamp. */
  void append(int node, Key key, PendingRow row, int created, int frozen) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    int tail = ChunkFormat.nodeTail(nodeBuffer, nodeOffset);
    if (tail == Arena.NONE) {
      startChain(node, created, sizes.before(key), rows.rowBytes(row.payloadLength()));
      append(node, key, row, created, frozen);
      return;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    if (ChunkFormat.lastRow(buffer, chunk) >= 0
        && rows.newest(buffer, chunk) <= row.timestamp()
        && ChunkFormat.dead(buffer, chunk) == ChunkFormat.LIVE) {
      appendAtEnd(node, tail, key, row, created, frozen);
    } else {
      insert(node, row, created, frozen, Order.MULTIMAP);
    }
  }

  /**
   * Adds rows of a multimap that come in order and are alike to the end of the newest chunk, as
   * long as there is room in it.
   *
   * @return how many were added; 0 if the next row has to be {@linkplain #append appended} by
   *     itself
   */
  int appendStretch(int node, PendingRows pending, int from, int to, int frozen) {
    int tail = ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int stride = ChunkFormat.stride(buffer, chunk);
    if (stride == 0
        || ChunkFormat.created(buffer, chunk) <= frozen
        || ChunkFormat.dead(buffer, chunk) != ChunkFormat.LIVE
        || rows.rowBytes(pending.length(from)) != stride) {
      return 0;
    }
    int used = ChunkFormat.used(buffer, chunk);
    int capacity = ChunkFormat.capacity(buffer, chunk);
    int room = (capacity - ChunkSizes.headroom(capacity) - used) / stride;
    int base = chunk + ChunkFormat.ROWS;
    long newest = rows.newest(buffer, chunk);
    int added =
        rows.writeStretch(pending, from, Math.min(to, from + room), newest, buffer, base + used);
    if (added > 0) {
      int end = used + added * stride;
      ChunkFormat.setRows(buffer, chunk, end, end - stride, stride);
      rowCount += added;
    }
    return added;
  }

  /** Adds a row of a map, or puts it in the place of the row with the same timestamp and subkey. */
  void put(int node, Key key, PendingRow row, int created, int frozen) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    int tail = ChunkFormat.nodeTail(nodeBuffer, nodeOffset);
    if (tail == Arena.NONE) {
      int inline = inlineRow(nodeBuffer, nodeOffset);
      int inlineBytes = rows.rowBytesAt(nodeBuffer, inline);
      boolean fits = inlineBytes == rows.rowBytes(row.payloadLength());
      if (isRemoved(nodeBuffer, nodeOffset)) {
        if (fits) {
          rows.write(row, nodeBuffer, inline);
          ChunkFormat.setNodeCreated(nodeBuffer, nodeOffset, created);
          garbageBytes -= inlineBytes;
          rowCount++;
        } else {
          appendToEmptiedChain(node, row, created);
        }
        return;
      }
      if (fits
          && ChunkFormat.nodeCreated(nodeBuffer, nodeOffset) > frozen
          && rows.compareInMap(nodeBuffer, inline, row) == 0) {
        rows.write(row, nodeBuffer, inline);
        return;
      }
      startChain(node, created, sizes.before(key), rows.rowBytes(row.payloadLength()));
      put(node, key, row, created, frozen);
      return;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int last = ChunkFormat.lastRow(buffer, chunk);
    if (last >= 0
        && (rows.newest(buffer, chunk) < row.timestamp()
            || rows.compareInMap(buffer, chunk + ChunkFormat.ROWS + last, row) < 0)
        && ChunkFormat.dead(buffer, chunk) == ChunkFormat.LIVE) {
      appendAtEnd(node, tail, key, row, created, frozen);
    } else {
      insert(node, row, created, frozen, Order.MAP);
    }
  }

  private enum Order {
    MULTIMAP,
    MAP
  }

  /** Where the inline row of a node starts in the node's buffer. */
  static int inlineRow(ByteBuffer buffer, int node) {
    int keyLength = RowFormat.getVarint(buffer, node + ChunkFormat.NODE_KEY);
    return node + ChunkFormat.NODE_KEY + RowFormat.varintSize(keyLength) + keyLength;
  }

  /** Whether the key has no row but the inline row, if that. */
  boolean isInlineOnly(int node) {
    return ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node)) == Arena.NONE;
  }

  /** Whether the key has no rows, as far as that can be told without a look at chunks. */
  boolean isEmpty(int node) {
    return isInlineOnly(node) && isRemoved(arena.buffer(node), Arena.offset(node));
  }

  /** Whether the inline row of a node without chunks was removed. */
  private static boolean isRemoved(ByteBuffer buffer, int node) {
    return ChunkFormat.nodeCreated(buffer, node) == ChunkFormat.LIVE;
  }

  /** Gives a key its first chunk, which takes over the inline row unless that was removed. */
  private void startChain(int node, int created, int bytesBefore, int nextRowBytes) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int inline = inlineRow(nodeBuffer, Arena.offset(node));
    int inlineBytes = rows.rowBytesAt(nodeBuffer, inline);
    int capacity = sizes.first(bytesBefore, inlineBytes, nextRowBytes);
    int first = newChunk(created, capacity, capacity);
    if (!isRemoved(nodeBuffer, Arena.offset(node))) {
      ByteBuffer buffer = arena.buffer(first);
      int chunk = Arena.offset(first);
      buffer.put(chunk + ChunkFormat.ROWS, nodeBuffer, inline, inlineBytes);
      ChunkFormat.setRows(buffer, chunk, inlineBytes, 0, inlineBytes);
      garbageBytes += inlineBytes;
    }
    // Read again: the allocation may have moved the array of slabs, never the slab itself.
    ChunkFormat.publishNodeTail(nodeBuffer, Arena.offset(node), first);
  }

  private int newChunk(int created, int capacity, int chain) {
    int rounded = (capacity + 7) & -8;
    int reference = arena.allocate(ChunkFormat.ROWS + rounded);
    ChunkFormat.initChunk(
        arena.buffer(reference), Arena.offset(reference), created, rounded, chain);
    return reference;
  }

  private void appendAtEnd(int node, int tail, Key key, PendingRow row, int created, int frozen) {
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int rowBytes = rows.rowBytes(row.payloadLength());
    int used = ChunkFormat.used(buffer, chunk);
    int capacity = ChunkFormat.capacity(buffer, chunk);
    int stride = ChunkFormat.stride(buffer, chunk);
    boolean thawed = ChunkFormat.created(buffer, chunk) > frozen;
    if (thawed
        && used + rowBytes <= capacity - ChunkSizes.headroom(capacity)
        && (stride == rowBytes || used + rowBytes <= ChunkSizes.MAX_BYTES)) {
      rows.write(row, buffer, chunk + ChunkFormat.ROWS + used);
      ChunkFormat.setRows(
          buffer,
          chunk,
          used + rowBytes,
          used,
          stride == rowBytes ? stride : used == 0 ? rowBytes : 0);
      rowCount++;
      offsetWritten = used;
      return;
    }
    int chain = ChunkFormat.chain(buffer, chunk);
    int nextCapacity =
        thawed
            ? sizes.next(chain, key, stride, rowBytes)
            : sizes.nextBehindFrozen(chain, stride, rowBytes);
    int next = newChunk(created, nextCapacity, ChunkSizes.saturatedAdd(chain, nextCapacity));
    ByteBuffer nextBuffer = arena.buffer(next);
    int nextChunk = Arena.offset(next);
    rows.write(row, nextBuffer, nextChunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(nextBuffer, nextChunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishPrev(nextBuffer, nextChunk, tail);
    ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), next);
    rowCount++;
    offsetWritten = 0;
  }

  /** The live chunk that a row belongs to, and the chunk that links to it. */
  private int foundChunk;

  private int foundSuccessor;

  /**
   * Finds the newest live chunk whose first row is not after the row; if all are, the oldest live
   * chunk with rows; if there is none, {@link Arena#NONE}.
   */
  private void findChunk(int node, PendingRow row, Order order) {
    int successor = Arena.NONE;
    int current = ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
    foundChunk = Arena.NONE;
    foundSuccessor = Arena.NONE;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (ChunkFormat.dead(buffer, chunk) == ChunkFormat.LIVE
          && ChunkFormat.used(buffer, chunk) > 0) {
        foundChunk = current;
        foundSuccessor = successor;
        int firstRow = chunk + ChunkFormat.ROWS;
        boolean notAfter =
            order == Order.MULTIMAP
                ? rows.timestamp(buffer, firstRow) <= row.timestamp()
                : rows.compareInMap(buffer, firstRow, row) <= 0;
        if (notAfter) {
          return;
        }
      }
      successor = current;
      current = ChunkFormat.prev(buffer, chunk);
    }
  }

  private void insert(int node, PendingRow row, int created, int frozen, Order order) {
    findChunk(node, row, order);
    if (foundChunk == Arena.NONE) {
      appendToEmptiedChain(node, row, created);
      return;
    }
    int found = foundChunk;
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int rowBytes = rows.rowBytes(row.payloadLength());
    int at =
        order == Order.MULTIMAP
            ? search.firstAfter(buffer, chunk, row.timestamp())
            : search.firstNotBefore(buffer, chunk, row);
    int replaced = 0;
    if (order == Order.MAP && at < used && rows.compareInMap(buffer, base + at, row) == 0) {
      replaced = rows.rowBytesAt(buffer, base + at);
      keepWiderRange(buffer, base + at, row);
    }
    int newUsed = used - replaced + rowBytes;
    boolean thawed = ChunkFormat.created(buffer, chunk) > frozen;
    int rest = used - at - replaced;
    boolean alike = ChunkFormat.stride(buffer, chunk) == rowBytes;
    if (used > ChunkSizes.MAX_BYTES && ChunkFormat.lastRow(buffer, chunk) > 0) {
      if (!thawed) {
        thaw(node, created);
        insert(node, row, created, frozen, order);
        return;
      }
      if (!alike || (replaced == 0 && rest > ChunkSizes.MAX_BYTES)) {
        split(node, at, rowBytes, created);
        insert(node, row, created, frozen, order);
        return;
      }
    }
    if (thawed && newUsed <= ChunkFormat.capacity(buffer, chunk)) {
      if (rest > 0 && replaced != rowBytes) {
        buffer.put(base + at + rowBytes, buffer, base + at + replaced, rest);
      }
      rows.write(row, buffer, base + at);
      int last = ChunkFormat.lastRow(buffer, chunk);
      int newLast = at + replaced >= used ? at : last - replaced + rowBytes;
      ChunkFormat.setRows(buffer, chunk, newUsed, newLast, alike ? rowBytes : 0);
    } else if (thawed && replaced == 0 && used >= ChunkSizes.MIN_SPLIT_BYTES) {
      split(node, at, rowBytes, created);
      insert(node, row, created, frozen, order);
      return;
    } else {
      ByteBuffer edited = scratch(newUsed);
      edited.put(0, buffer, base, at);
      rows.write(row, edited, at);
      edited.put(at + rowBytes, buffer, base + at + replaced, rest);
      replaceChunk(node, found, foundSuccessor, newUsed, created, thawed);
    }
    if (replaced == 0) {
      rowCount++;
      offsetWritten = at;
    }
  }

  /**
   * Makes room in the found chunk, which no reader sees, by moving its later rows to a new chunk
   * behind it: those after the place of the row if that is near the end, as it is when the row is a
   * straggler, else the later half.
   */
  private void split(int node, int at, int rowBytes, int created) {
    int found = foundChunk;
    int successor = foundSuccessor;
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int boundary =
        at > used - used / 4
            ? at
            : search.boundary(buffer, base, base + used / 2, base + used) - base;
    if (boundary == used) {
      // The row goes behind all rows of a full chunk: nothing has to move, only a chunk is missing.
      boundary = ChunkFormat.lastRow(buffer, chunk);
    }
    int moved = used - boundary;
    int room = Math.max(moved / 4, rowBytes);
    int upper = newChunk(created, moved + room, ChunkFormat.chain(buffer, chunk));
    ByteBuffer upperBuffer = arena.buffer(upper);
    int upperChunk = Arena.offset(upper);
    upperBuffer.put(upperChunk + ChunkFormat.ROWS, buffer, base + boundary, moved);
    int stride = ChunkFormat.stride(buffer, chunk);
    ChunkFormat.setRows(
        upperBuffer, upperChunk, moved, ChunkFormat.lastRow(buffer, chunk) - boundary, stride);
    ChunkFormat.setRows(
        buffer, chunk, boundary, search.lastRowBefore(buffer, chunk, boundary), stride);
    ChunkFormat.publishPrev(upperBuffer, upperChunk, found);
    if (successor == Arena.NONE) {
      ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), upper);
    } else {
      ChunkFormat.publishPrev(arena.buffer(successor), Arena.offset(successor), upper);
    }
  }

  /** Puts copies that no reader sees, of the usual size, in the place of the found chunk. */
  private void thaw(int node, int created) {
    ByteBuffer buffer = arena.buffer(foundChunk);
    int chunk = Arena.offset(foundChunk);
    int used = ChunkFormat.used(buffer, chunk);
    scratch(used).put(0, buffer, chunk + ChunkFormat.ROWS, used);
    replaceChunk(node, foundChunk, foundSuccessor, used, created, false);
  }

  /** Two range tombstones from the same timestamp on become one, as far as the further reaches. */
  private void keepWiderRange(ByteBuffer buffer, int existing, PendingRow row) {
    if (row.isRangeTombstone()) {
      long last = buffer.getLong(rows.payloadOffset(buffer, existing) + 1);
      row.rangeTombstone(row.timestamp(), Math.max(last, row.rangeLast()));
    }
  }

  private void appendToEmptiedChain(int node, PendingRow row, int created) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int next =
        newChunk(created, ChunkSizes.FIRST_ROWS * rowBytes, ChunkSizes.FIRST_ROWS * rowBytes);
    ByteBuffer buffer = arena.buffer(next);
    int chunk = Arena.offset(next);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    ChunkFormat.publishPrev(buffer, chunk, ChunkFormat.nodeTail(nodeBuffer, nodeOffset));
    ChunkFormat.publishNodeTail(nodeBuffer, nodeOffset, next);
    rowCount++;
    offsetWritten = 0;
  }

  private ByteBuffer scratch(int bytes) {
    if (scratch.capacity() < bytes) {
      scratch =
          ByteBuffer.allocateDirect(Integer.highestOneBit(bytes) * 2)
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    return scratch;
  }

  /**
   * Puts the {@code used} bytes of rows in the scratch buffer in the place of a chunk: in the same
   * chunk's stead when no reader can see it, beside it when one may.
   */
  private void replaceChunk(
      int node, int replacedChunk, int successor, int used, int created, boolean thawed) {
    ByteBuffer buffer = arena.buffer(replacedChunk);
    int chunk = Arena.offset(replacedChunk);
    int upper = thawed ? ChunkFormat.prev(buffer, chunk) : replacedChunk;
    int pieces = Math.max(1, (used + ChunkSizes.MAX_BYTES - 1) / ChunkSizes.MAX_BYTES);
    int from = 0;
    for (int i = 1; i <= pieces; i++) {
      int to = i < pieces ? search.boundary(scratch, from, used / pieces * i, used) : used;
      if (to > from || used == 0) {
        int piece = copyOfScratch(from, to, created);
        ChunkFormat.publishPrev(arena.buffer(piece), Arena.offset(piece), upper);
        upper = piece;
        from = to;
      }
    }
    garbageBytes += ChunkFormat.ROWS + ChunkFormat.capacity(buffer, chunk);
    if (!thawed) {
      ChunkFormat.publishDead(buffer, chunk, created);
    }
    if (successor == Arena.NONE) {
      ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), upper);
    } else {
      ChunkFormat.publishPrev(arena.buffer(successor), Arena.offset(successor), upper);
    }
  }

  private int copyOfScratch(int from, int to, int created) {
    int bytes = to - from;
    int capacity = ChunkSizes.ofCopy(bytes);
    int reference = newChunk(created, capacity, capacity);
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    buffer.put(chunk + ChunkFormat.ROWS, scratch, from, bytes);
    int stride = bytes == 0 ? 0 : rows.rowBytesAt(scratch, from);
    int last = -1;
    for (int position = from; position < to; ) {
      int rowBytes = rows.rowBytesAt(scratch, position);
      if (rowBytes != stride) {
        stride = 0;
      }
      last = position - from;
      position += rowBytes;
    }
    ChunkFormat.setRows(buffer, chunk, bytes, last, stride);
    return reference;
  }

  /**
   * Removes the row of a map with the timestamp and subkey of {@code wanted}; false if there is
   * none.
   */
  boolean remove(int node, PendingRow wanted, int created, int frozen) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    if (ChunkFormat.nodeTail(nodeBuffer, nodeOffset) == Arena.NONE) {
      int inline = inlineRow(nodeBuffer, nodeOffset);
      if (isRemoved(nodeBuffer, nodeOffset) || rows.compareInMap(nodeBuffer, inline, wanted) != 0) {
        return false;
      }
      if (ChunkFormat.nodeCreated(nodeBuffer, nodeOffset) > frozen) {
        garbageBytes += rows.rowBytesAt(nodeBuffer, inline);
        rowCount--;
        ChunkFormat.setNodeCreated(nodeBuffer, nodeOffset, ChunkFormat.LIVE);
        return true;
      }
      startChain(node, created, 0, 0);
    }
    findChunk(node, wanted, Order.MAP);
    if (foundChunk == Arena.NONE) {
      return false;
    }
    ByteBuffer buffer = arena.buffer(foundChunk);
    int chunk = Arena.offset(foundChunk);
    int base = chunk + ChunkFormat.ROWS;
    int at = search.firstNotBefore(buffer, chunk, wanted);
    if (at >= ChunkFormat.used(buffer, chunk)
        || rows.compareInMap(buffer, base + at, wanted) != 0) {
      return false;
    }
    int end = at + rows.rowBytesAt(buffer, base + at);
    if (ChunkFormat.created(buffer, chunk) > frozen
        && ChunkFormat.used(buffer, chunk) - end > ChunkSizes.MAX_BYTES) {
      split(node, at, end - at, created);
      return remove(node, wanted, created, frozen);
    }
    removeRows(node, foundChunk, foundSuccessor, at, end, created, frozen);
    rowCount--;
    return true;
  }

  /** At most the bytes of blocks that {@link #removeRange} allocates. */
  long bytesToRemove(int node, long first, long last, int frozen) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    int current = ChunkFormat.nodeTail(nodeBuffer, nodeOffset);
    if (current == Arena.NONE) {
      int inline = inlineRow(nodeBuffer, nodeOffset);
      long time = rows.timestamp(nodeBuffer, inline);
      return first <= time && time <= last
          ? CHUNK_OVERHEAD_BYTES + rows.rowBytesAt(nodeBuffer, inline)
          : 0;
    }
    long bytes = 0;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int used = ChunkFormat.used(buffer, chunk);
      if (ChunkFormat.dead(buffer, chunk) == ChunkFormat.LIVE
          && ChunkFormat.created(buffer, chunk) <= frozen
          && used > 0
          && rows.timestamp(buffer, chunk + ChunkFormat.ROWS) <= last) {
        // Replaced by chunks that are not large, with half as much room again.
        bytes += (2 + used / ChunkSizes.MAX_BYTES) * CHUNK_OVERHEAD_BYTES + used + (long) used / 2;
        if (rows.timestamp(buffer, chunk + ChunkFormat.ROWS) < first) {
          break;
        }
      }
      current = ChunkFormat.prev(buffer, chunk);
    }
    return bytes;
  }

  /**
   * At most the bytes of blocks that adding one row allocates.
   *
   * @param key that of the node
   */
  long bytesToInsert(int node, Key key, int rowBytes) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    int current = ChunkFormat.nodeTail(nodeBuffer, nodeOffset);
    int expected = ChunkSizes.expected(sizes.before(key));
    long largest = Math.max(expected, ChunkSizes.FIRST_ROWS * (long) rowBytes);
    if (current == Arena.NONE) {
      int inlineBytes = rows.rowBytesAt(nodeBuffer, inlineRow(nodeBuffer, nodeOffset));
      largest += inlineBytes;
    }
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int next = Math.min(ChunkFormat.chain(buffer, chunk) / 4, ChunkSizes.MAX_LIKE_BYTES);
      largest = Math.max(largest, Math.max(next, ChunkFormat.used(buffer, chunk)));
      current = ChunkFormat.prev(buffer, chunk);
    }
    // A first chunk, a split in two, and a chunk with half as much room again in place of one.
    return 4 * (CHUNK_OVERHEAD_BYTES + largest + rowBytes);
  }

  /** Removes every row, tombstones too, from {@code first} to {@code last}; returns how many. */
  int removeRange(int node, long first, long last, int created, int frozen) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int nodeOffset = Arena.offset(node);
    if (ChunkFormat.nodeTail(nodeBuffer, nodeOffset) == Arena.NONE) {
      long inline = rows.timestamp(nodeBuffer, inlineRow(nodeBuffer, nodeOffset));
      if (isRemoved(nodeBuffer, nodeOffset) || inline < first || inline > last) {
        return 0;
      }
      startChain(node, created, 0, 0);
    }
    int removed = 0;
    int successor = Arena.NONE;
    int current = ChunkFormat.nodeTail(nodeBuffer, nodeOffset);
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = ChunkFormat.prev(buffer, chunk);
      int base = chunk + ChunkFormat.ROWS;
      int used = ChunkFormat.used(buffer, chunk);
      if (ChunkFormat.dead(buffer, chunk) == ChunkFormat.LIVE && used > 0) {
        int from = first == Long.MIN_VALUE ? 0 : search.firstAfter(buffer, chunk, first - 1);
        int to = search.firstAfter(buffer, chunk, last);
        if (from < to) {
          boolean reachesBelow = rows.timestamp(buffer, base) >= first;
          int count = search.count(buffer, base + from, base + to);
          removeRows(node, current, successor, from, to, created, frozen);
          removed += count;
          rowCount -= count;
          if (!reachesBelow) {
            break;
          }
        } else if (rows.timestamp(buffer, base) < first) {
          break;
        }
      }
      successor = current;
      current = below;
    }
    return removed;
  }

  /**
   * Takes the rows between two offsets out of a chunk. A frozen chunk stays linked, dead, between
   * its replacement and what is below.
   */
  private void removeRows(
      int node, int reference, int successor, int from, int to, int created, int frozen) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int rest = used - to;
    int newUsed = from + rest;
    if (ChunkFormat.created(buffer, chunk) > frozen) {
      if (rest > 0) {
        buffer.put(base + from, buffer, base + to, rest);
      }
      int last =
          rest > 0
              ? ChunkFormat.lastRow(buffer, chunk) - (to - from)
              : search.lastRowBefore(buffer, chunk, from);
      ChunkFormat.setRows(buffer, chunk, newUsed, last, ChunkFormat.stride(buffer, chunk));
      garbageBytes += to - from;
      return;
    }
    ByteBuffer edited = scratch(newUsed);
    edited.put(0, buffer, base, from);
    edited.put(from, buffer, base + to, rest);
    replaceChunk(node, reference, successor, newUsed, created, false);
  }

  /**
   * About how many bytes the rows of a key take, as a hint for the window after this one. Looks at
   * the newest chunk only.
   */
  int chainBytes(int node) {
    int tail = ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int free = ChunkFormat.capacity(buffer, chunk) - ChunkFormat.used(buffer, chunk);
    return ChunkFormat.chain(buffer, chunk) - free;
  }
}
