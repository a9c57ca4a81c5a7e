package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

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
  private static final long CHUNK_OVERHEAD_BYTES = ChunkFormat.ROWS + 2 * Long.BYTES;

  /** A row is stored with its key if it is not larger. */
  private static final int MAX_INLINE_BYTES = 256;

  /** An emptied chunk of a key without other rows is kept if it is not larger. */
  private static final int KEPT_EMPTY_BYTES = 256;

  /** The smallest chunk that is worth replacing by a smaller one. */
  private static final int MIN_SHRINK_BYTES = 256;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSizes sizes;
  private final ChunkSearch search;
  private final Reclamation readers;
  private final ChunkIndexes indexes;

  /** Whether rows of one timestamp are in the order of subkeys, and not of arrival. */
  private boolean map;

  private int rowCount;
  private int tombstoneCount;
  private int offsetWritten;

  /** The chunk that a row belongs to, and the chunk that links to it. */
  private int foundChunk;

  private int foundSuccessor;

  /** New chunks that are not linked yet. */
  private int[] pieces = new int[8];

  private int pieceCount;

  /**
   * For the chains of a window.
   *
   * @param bytesBefore what the rows of a key took in the window before, or 0; asked when a chunk
   *     is made
   */
  ChainWriter(
      Arena arena,
      RowCodec rows,
      Reclamation readers,
      ChunkIndexes indexes,
      ToIntFunction<Key> bytesBefore) {
    this.arena = arena;
    this.rows = rows;
    this.readers = readers;
    this.indexes = indexes;
    this.sizes = new ChunkSizes(arena, bytesBefore);
    this.search = new ChunkSearch(rows);
  }

  /** Keeps the rows that are appended to copy another window in the order that they have there. */
  void orderAs(ChainWriter other) {
    map = other.map;
  }

  /** Rows written minus rows removed or replaced, tombstones included. */
  int rowCount() {
    return rowCount;
  }

  /** Those of the rows that are tombstones. */
  int tombstoneCount() {
    return tombstoneCount;
  }

  /** Counts the inline row of a node that was copied. */
  void countInlineRow(boolean tombstone) {
    rowCount++;
    tombstoneCount += tombstone ? 1 : 0;
    offsetWritten = 0;
  }

  private void countRow(PendingRow row, int offset) {
    rowCount++;
    tombstoneCount += row.isTombstone() ? 1 : 0;
    offsetWritten = offset;
  }

  /** About where in its chunk the row was written that came last, counted from the first row. */
  int offsetWritten() {
    return offsetWritten;
  }

  /**
   * Makes the node of a key with its first row: inline, or, where many more are expected, in a
   * chunk right behind the node. Then one cache line leads into the next.
   */
  int newNode(Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int keyEnd = ChunkFormat.NODE_KEY + RowFormat.varintSize(key.length()) + key.length();
    int chunkStart = Arena.blockBytes(keyEnd);
    int capacity = sizes.withNode(key, chunkStart, rowBytes);
    if (capacity == 0 && rowBytes > MAX_INLINE_BYTES) {
      return newNodeWithLargeRow(key, row, chunkStart, rowBytes);
    }
    if (capacity == 0) {
      int node = arena.allocate(keyEnd + rowBytes);
      writeKey(node, key, readers.version());
      rows.write(row, arena.buffer(node), Arena.offset(node) + keyEnd);
      countRow(row, 0);
      return node;
    }
    int bytes = Arena.blockBytes(chunkStart + ChunkFormat.ROWS + capacity);
    int node = arena.allocate(bytes);
    writeKey(node, key, ChunkFormat.NO_ROOM);
    int first = Arena.within(node, chunkStart);
    int all = bytes - chunkStart - ChunkFormat.ROWS;
    ByteBuffer buffer = arena.buffer(first);
    int chunk = Arena.offset(first);
    ChunkFormat.initChunk(buffer, chunk, readers.version(), all, all);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishNodeTail(buffer, Arena.offset(node), first);
    countRow(row, 0);
    return node;
  }

  /** Apart from its node a large row can be replaced by one of another size without waste. */
  private int newNodeWithLargeRow(Key key, PendingRow row, int nodeBytes, int rowBytes) {
    int node = arena.allocate(nodeBytes);
    int only;
    try {
      only = newChunk(rowBytes, rowBytes);
    } catch (MemoryBudgetExceededException noRoom) {
      arena.free(node, Arena.blockBytes(nodeBytes));
      throw noRoom;
    }
    writeKey(node, key, ChunkFormat.NO_ROOM);
    ByteBuffer buffer = arena.buffer(only);
    int chunk = Arena.offset(only);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), only);
    countRow(row, 0);
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

  /** Adds a row of a multimap behind all rows of the same timestamp. */
  void append(int node, Key key, PendingRow row) {
    int tail = tail(node);
    if (tail == Arena.NONE) {
      if (isRemovedInline(node)) {
        writeFirstRow(node, row);
        return;
      }
      startChain(node, sizes.before(key), rows.rowBytes(row.payloadLength()));
      append(node, key, row);
      return;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    if (ChunkFormat.used(buffer, chunk) > 0 && rows.newest(buffer, chunk) <= row.timestamp()) {
      appendAtEnd(node, tail, key, row);
    } else {
      insert(node, row);
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
    int tail = tail(node);
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int stride = ChunkFormat.stride(buffer, chunk);
    int used = ChunkFormat.used(buffer, chunk);
    if (stride == 0
        || used == 0
        || readers.isFrozen(ChunkFormat.written(buffer, chunk))
        || rows.rowBytes(pending.length(from)) != stride) {
      return 0;
    }
    int room = (roomAtEnd(buffer, chunk) - used) / stride;
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

  /** How many bytes rows that come in order may take in a chunk. */
  private static int roomAtEnd(ByteBuffer buffer, int chunk) {
    int capacity = ChunkFormat.capacity(buffer, chunk);
    int stamps = ChunkFormat.stamps(buffer, chunk);
    return capacity
        - (stamps == 0 ? ChunkSizes.headroom(capacity) : stamps * ChunkFormat.STAMP_BYTES);
  }

  /**
   * Adds a row of a map, or puts it in the place of the row with the same timestamp and subkey.
   *
   * @return whether it was added
   */
  boolean put(int node, Key key, PendingRow row) {
    map = true;
    int tail = tail(node);
    if (tail == Arena.NONE) {
      return putInline(node, key, row);
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    if (ChunkFormat.used(buffer, chunk) > 0
        && (rows.newest(buffer, chunk) < row.timestamp()
            || rows.compareInMap(
                    buffer, chunk + ChunkFormat.ROWS + ChunkFormat.lastRow(buffer, chunk), row)
                < 0)) {
      appendAtEnd(node, tail, key, row);
      return true;
    }
    return insert(node, row);
  }

  private boolean putInline(int node, Key key, PendingRow row) {
    if (isRemovedInline(node)) {
      writeFirstRow(node, row);
      return true;
    }
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int inline = inlineRow(buffer, offset);
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (rows.compareInMap(buffer, inline, row) != 0) {
      startChain(node, sizes.before(key), rowBytes);
      return put(node, key, row);
    }
    keepWiderRange(buffer, inline, row);
    boolean wasTombstone = rows.isTombstone(buffer, inline);
    if (rows.rowBytesAt(buffer, inline) == rowBytes
        && !readers.isFrozen(ChunkFormat.nodeCreated(buffer, offset))) {
      rows.write(row, buffer, inline);
    } else {
      int only = newChunk(rowBytes, rowBytes);
      ByteBuffer chunkBuffer = arena.buffer(only);
      int chunk = Arena.offset(only);
      rows.write(row, chunkBuffer, chunk + ChunkFormat.ROWS);
      ChunkFormat.setRows(chunkBuffer, chunk, rowBytes, 0, rowBytes);
      ChunkFormat.publishNodeTail(buffer, offset, only);
      dropInlineRow(node);
    }
    countReplaced(wasTombstone, row);
    return false;
  }

  private void countReplaced(boolean wasTombstone, PendingRow row) {
    tombstoneCount += (row.isTombstone() ? 1 : 0) - (wasTombstone ? 1 : 0);
  }

  /** Gives a key without rows and chunks a row again. */
  private void writeFirstRow(int node, PendingRow row) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (ChunkFormat.nodeCreated(buffer, offset) == ChunkFormat.REMOVED) {
      int inline = inlineRow(buffer, offset);
      if (rows.rowBytesAt(buffer, inline) == rowBytes) {
        rows.write(row, buffer, inline);
        ChunkFormat.setNodeCreated(buffer, offset, readers.version());
        countRow(row, 0);
        return;
      }
    }
    int only = newChunk(rowBytes, rowBytes);
    ByteBuffer chunkBuffer = arena.buffer(only);
    int chunk = Arena.offset(only);
    rows.write(row, chunkBuffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(chunkBuffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishNodeTail(buffer, offset, only);
    dropInlineRow(node);
    countRow(row, 0);
  }

  private int tail(int node) {
    return ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
  }

  /** Where the inline row of a node starts in the node's buffer. */
  static int inlineRow(ByteBuffer buffer, int node) {
    int keyLength = RowFormat.getVarint(buffer, node + ChunkFormat.NODE_KEY);
    return node + ChunkFormat.NODE_KEY + RowFormat.varintSize(keyLength) + keyLength;
  }

  /** Whether the key has no row but the inline row, if that. */
  boolean isInlineOnly(int node) {
    return tail(node) == Arena.NONE;
  }

  /** Whether the key has no rows, as far as that can be told without a look at chunks. */
  boolean isEmpty(int node) {
    return isInlineOnly(node) && isRemovedInline(node);
  }

  /** Whether a node without chunks has no inline row. */
  private boolean isRemovedInline(int node) {
    return ChunkFormat.nodeCreated(arena.buffer(node), Arena.offset(node))
        > ChunkFormat.MAX_VERSION;
  }

  /** Gives a key its first chunk, which takes over the inline row. */
  private void startChain(int node, int bytesBefore, int nextRowBytes) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int inline = inlineRow(nodeBuffer, Arena.offset(node));
    int inlineBytes = rows.rowBytesAt(nodeBuffer, inline);
    int capacity = sizes.first(bytesBefore, inlineBytes, nextRowBytes);
    int first = newChunk(capacity, capacity);
    ByteBuffer buffer = arena.buffer(first);
    int chunk = Arena.offset(first);
    buffer.put(chunk + ChunkFormat.ROWS, nodeBuffer, inline, inlineBytes);
    ChunkFormat.setRows(buffer, chunk, inlineBytes, 0, inlineBytes);
    ChunkFormat.publishNodeTail(nodeBuffer, Arena.offset(node), first);
    dropInlineRow(node);
  }

  /**
   * Frees what the inline row takes, which a chunk has replaced, unless an open reader may see it.
   * Then it stays until the node is freed.
   */
  private void dropInlineRow(int node) {
    if (readers.hasReaders()) {
      return;
    }
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    if (ChunkFormat.nodeCreated(buffer, offset) == ChunkFormat.NO_ROOM) {
      return;
    }
    int row = inlineRow(buffer, offset);
    int keyEnd = Arena.blockBytes(row - offset);
    int end = Arena.blockBytes(row - offset + rows.rowBytesAt(buffer, row));
    if (end - keyEnd >= 2 * Long.BYTES) {
      ChunkFormat.setNodeCreated(buffer, offset, ChunkFormat.NO_ROOM);
      arena.free(Arena.within(node, keyEnd), end - keyEnd);
    } else {
      ChunkFormat.setNodeCreated(buffer, offset, ChunkFormat.REMOVED);
    }
  }

  /** A chunk with room for {@code capacity} bytes of rows or a little more. */
  int newChunk(int capacity, int chain) {
    int bytes = Arena.blockBytes(ChunkFormat.ROWS + capacity);
    int reference = arena.allocate(bytes);
    ChunkFormat.initChunk(
        arena.buffer(reference),
        Arena.offset(reference),
        readers.version(),
        bytes - ChunkFormat.ROWS,
        chain);
    return reference;
  }

  void retire(int chunk) {
    readers.retire(
        chunk, ChunkFormat.ROWS + ChunkFormat.capacity(arena.buffer(chunk), Arena.offset(chunk)));
  }

  private void appendAtEnd(int node, int tail, Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (writeAtEnd(tail, row, rowBytes)) {
      return;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int chain = ChunkFormat.chain(buffer, chunk);
    int stride = ChunkFormat.stride(buffer, chunk);
    int stamps = ChunkFormat.stamps(buffer, chunk);
    int added =
        stamps == 0
            ? 0
            : ChunkFormat.used(buffer, chunk) - ChunkFormat.usedBeforeStamps(buffer, chunk);
    int capacity =
        readers.isFrozen(ChunkFormat.created(buffer, chunk))
            ? sizes.nextBehindFrozen(chain, added, stamps, stride, rowBytes)
            : sizes.next(chain, key, stride, rowBytes);
    putAbove(node, tail, Arena.NONE, row, capacity, ChunkSizes.saturatedAdd(chain, capacity));
    countRow(row, 0);
  }

  /** Adds a row to the end of a chunk that has rows, if there is room for it and its stamp. */
  private boolean writeAtEnd(int reference, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int used = ChunkFormat.used(buffer, chunk);
    int stride = ChunkFormat.stride(buffer, chunk);
    int room;
    int number = 0;
    if (!readers.isFrozen(ChunkFormat.created(buffer, chunk))) {
      ChunkFormat.clearStamps(buffer, chunk);
      room = roomAtEnd(buffer, chunk);
    } else {
      if (readers.isFrozen(ChunkFormat.written(buffer, chunk))) {
        number = ChunkFormat.stampToWrite(buffer, chunk, readers.oldest());
        if (number > ChunkFormat.MAX_STAMPS) {
          return false;
        }
      }
      int stamps = Math.max(number, ChunkFormat.stamps(buffer, chunk));
      room = ChunkFormat.capacity(buffer, chunk) - stamps * ChunkFormat.STAMP_BYTES;
    }
    if (used + rowBytes > room || (stride != rowBytes && used + rowBytes > ChunkSizes.MAX_BYTES)) {
      return false;
    }
    if (number > 0) {
      ChunkFormat.publishStamp(buffer, chunk, number, readers.version());
    }
    rows.write(row, buffer, chunk + ChunkFormat.ROWS + used);
    ChunkFormat.setRows(
        buffer,
        chunk,
        used + rowBytes,
        used,
        stride == rowBytes ? stride : used == 0 ? rowBytes : 0);
    countRow(row, used);
    return true;
  }

  /** Puts a row into a new chunk right above another one. */
  private void putAbove(
      int node, int below, int successor, PendingRow row, int capacity, int chain) {
    int next = newChunk(capacity, chain);
    ByteBuffer buffer = arena.buffer(next);
    int chunk = Arena.offset(next);
    int rowBytes = rows.rowBytes(row.payloadLength());
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.publishPrev(buffer, chunk, below);
    link(node, successor, next);
    noteAbove(node, below, next);
    indexIfLong(node, next);
  }

  private void link(int node, int successor, int chunk) {
    if (successor == Arena.NONE) {
      ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), chunk);
    } else {
      ChunkFormat.publishPrev(arena.buffer(successor), Arena.offset(successor), chunk);
    }
  }

  // The index of a long chain follows the links.

  private @Nullable ChunkIndex index(int node) {
    return indexes.isEmpty() ? null : indexes.of(node);
  }

  private void noteAbove(int node, int below, int chunk) {
    ChunkIndex index = index(node);
    if (index != null) {
      ByteBuffer buffer = arena.buffer(chunk);
      int row = Arena.offset(chunk) + ChunkFormat.ROWS;
      index.insertAbove(below, chunk, rows.timestamp(buffer, row), subkey(buffer, row));
    }
  }

  private void indexIfLong(int node, int chunk) {
    int chain = ChunkFormat.chain(arena.buffer(chunk), Arena.offset(chunk));
    if (chain >= ChunkIndexes.MIN_CHUNKS * ChunkSizes.MAX_BYTES / 2 && index(node) == null) {
      makeIndex(node);
    }
  }

  private void noteReplaced(int node, int chunk, int other) {
    ChunkIndex index = index(node);
    if (index != null) {
      index.replace(chunk, other);
    }
  }

  private void noteRemoved(int node, int chunk) {
    ChunkIndex index = index(node);
    if (index != null) {
      index.remove(chunk);
    }
  }

  /** What comes before every subkey at the timestamp of the row is null. */
  private byte @Nullable [] subkey(ByteBuffer buffer, int row) {
    if (!map) {
      return null;
    }
    int payload = rows.payloadOffset(buffer, row);
    if (rows.isTombstone(buffer, row)) {
      if (RowFormat.isRange(buffer, payload)) {
        return null;
      }
      payload += RowFormat.KIND_BYTES;
    }
    int length = RowFormat.getVarint(buffer, payload);
    return ByteCopy.read(buffer, payload + RowFormat.varintSize(length), length);
  }

  private void makeIndex(int node) {
    int[] chunks = new int[2 * ChunkIndexes.MIN_CHUNKS];
    int count = 0;
    for (int current = tail(node); current != Arena.NONE; ) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (ChunkFormat.used(buffer, chunk) > 0) {
        if (count == chunks.length) {
          chunks = Arrays.copyOf(chunks, 2 * count);
        }
        chunks[count++] = current;
      }
      current = ChunkFormat.prev(buffer, chunk);
    }
    if (count < ChunkIndexes.MIN_CHUNKS) {
      return;
    }
    int[] ordered = new int[count];
    long[] times = new long[count];
    byte[] @Nullable [] subkeys = new byte @Nullable [count][];
    for (int i = 0; i < count; i++) {
      ordered[i] = chunks[count - 1 - i];
      ByteBuffer buffer = arena.buffer(ordered[i]);
      int row = Arena.offset(ordered[i]) + ChunkFormat.ROWS;
      times[i] = rows.timestamp(buffer, row);
      subkeys[i] = subkey(buffer, row);
    }
    indexes.add(node, new ChunkIndex(readers.version(), ordered, times, subkeys));
  }

  /**
   * Finds the chunk that a row belongs to: the newest with rows of which the first is not after the
   * row; if all are after it, the oldest; the newest of a chain without rows. On the way chunks
   * without rows that no reader needs are unlinked.
   */
  private void findChunk(int node, PendingRow row) {
    foundChunk = Arena.NONE;
    foundSuccessor = Arena.NONE;
    int successor = Arena.NONE;
    int current = tail(node);
    int steps = 0;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = ChunkFormat.prev(buffer, chunk);
      if (ChunkFormat.used(buffer, chunk) > 0) {
        foundChunk = current;
        foundSuccessor = successor;
        int firstRow = chunk + ChunkFormat.ROWS;
        boolean notAfter =
            map
                ? rows.compareInMap(buffer, firstRow, row) <= 0
                : rows.timestamp(buffer, firstRow) <= row.timestamp();
        if (notAfter) {
          return;
        }
      } else if (unlinkIfUnneeded(node, current, successor, below)) {
        current = below;
        continue;
      }
      if (++steps == ChunkIndexes.MIN_CHUNKS) {
        makeIndex(node);
      }
      /*
       * A chunk keeps its bound in the index when its first rows are removed, and rows that come later
       * go by that. So once there is an index, only what it says and what is true of the newest chunk
       * by itself may decide where a row goes.
       */
      if (findInIndex(node, row)) {
        return;
      }
      successor = current;
      current = below;
    }
    if (foundChunk == Arena.NONE) {
      foundChunk = tail(node);
    }
  }

  private boolean findInIndex(int node, PendingRow row) {
    ChunkIndex index = index(node);
    if (index == null) {
      return false;
    }
    Span subkey = row.isRangeTombstone() ? null : row.subkey();
    int chunk = map ? index.find(row.timestamp(), subkey) : index.find(row.timestamp());
    if (chunk == Arena.NONE) {
      return false;
    }
    foundChunk = chunk;
    foundSuccessor = successorOf(node, chunk, index);
    return true;
  }

  /**
   * The chunk that links to another one. Chunks without rows between the two may not be indexed.
   */
  private int successorOf(int node, int chunk, ChunkIndex index) {
    int above = index.above(chunk);
    int successor = above == Arena.NONE ? Arena.NONE : above;
    int current = successor == Arena.NONE ? tail(node) : prev(successor);
    while (current != chunk) {
      successor = current;
      current = prev(current);
    }
    return successor;
  }

  private int prev(int chunk) {
    return ChunkFormat.prev(arena.buffer(chunk), Arena.offset(chunk));
  }

  /** Unlinks a chunk without rows unless it is the only one or leads a reader to an older one. */
  boolean unlinkIfUnneeded(int node, int reference, int successor, int below) {
    if ((successor == Arena.NONE && below == Arena.NONE)
        || readers.hasReadersBefore(
            ChunkFormat.created(arena.buffer(reference), Arena.offset(reference)))) {
      return false;
    }
    link(node, successor, below);
    noteRemoved(node, reference);
    retire(reference);
    return true;
  }

  /** Puts a row in its place; returns whether it was added and did not replace another one. */
  private boolean insert(int node, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    while (true) {
      findChunk(node, row);
      int found = foundChunk;
      ByteBuffer buffer = arena.buffer(found);
      int chunk = Arena.offset(found);
      int base = chunk + ChunkFormat.ROWS;
      int used = ChunkFormat.used(buffer, chunk);
      int at =
          used == 0
              ? 0
              : map
                  ? search.firstNotBefore(buffer, chunk, row)
                  : search.firstAfter(buffer, chunk, row.timestamp());
      int replaced = 0;
      boolean wasTombstone = false;
      if (map && at < used && rows.compareInMap(buffer, base + at, row) == 0) {
        replaced = rows.rowBytesAt(buffer, base + at);
        wasTombstone = rows.isTombstone(buffer, base + at);
        keepWiderRange(buffer, base + at, row);
      }
      if (edit(node, found, at, replaced, row, rowBytes)) {
        if (replaced == 0) {
          countRow(row, at);
        } else {
          countReplaced(wasTombstone, row);
        }
        return replaced == 0;
      }
    }
  }

  /**
   * Puts a row into the found chunk or one beside it. False if the chain had to be changed first:
   * then the place of the row has to be looked for again.
   */
  private boolean edit(int node, int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int used = ChunkFormat.used(buffer, chunk);
    int capacity = ChunkFormat.capacity(buffer, chunk);
    int rest = used - at - replaced;
    int newUsed = used - replaced + rowBytes;
    boolean several = ChunkFormat.lastRow(buffer, chunk) > 0;
    boolean fitsOne = newUsed <= ChunkSizes.MAX_BYTES || used == replaced;
    if (readers.isFrozen(ChunkFormat.created(buffer, chunk))) {
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
    ChunkFormat.clearStamps(buffer, chunk);
    boolean alike = ChunkFormat.stride(buffer, chunk) == rowBytes;
    boolean large = used > ChunkSizes.MAX_BYTES && several;
    boolean inPlace =
        newUsed <= capacity
            && !(large && (!alike || (replaced == 0 && rest > ChunkSizes.MAX_BYTES)))
            && !isWasteful(capacity, newUsed, used, replaced, rowBytes);
    if (inPlace) {
      editInPlace(found, at, replaced, row, rowBytes);
      return true;
    }
    if (replaced == 0 && (large || used >= ChunkSizes.MIN_SPLIT_BYTES)) {
      if (at == used || (at == 0 && !several)) {
        if (at == used) {
          putBeside(node, found, row, rowBytes);
        } else {
          putBelow(node, found, row, rowBytes);
        }
        return true;
      }
      split(node, at, rowBytes);
      return false;
    }
    if (fitsOne) {
      compose(node, found, at, replaced, row, rowBytes);
      return true;
    }
    split(node, at, rowBytes);
    return false;
  }

  /** Whether a row that got smaller leaves so much of its chunk empty that another one is due. */
  private static boolean isWasteful(
      int capacity, int newUsed, int used, int replaced, int rowBytes) {
    if (capacity < MIN_SHRINK_BYTES || replaced <= rowBytes) {
      return false;
    }
    return used == replaced ? newUsed < capacity - capacity / 4 : newUsed < capacity / 2;
  }

  private void editInPlace(int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int rest = used - at - replaced;
    int last = ChunkFormat.lastRow(buffer, chunk);
    int stride = ChunkFormat.stride(buffer, chunk);
    if (rest > 0 && replaced != rowBytes) {
      buffer.put(base + at + rowBytes, buffer, base + at + replaced, rest);
    }
    rows.write(row, buffer, base + at);
    ChunkFormat.setRows(
        buffer,
        chunk,
        used - replaced + rowBytes,
        rest == 0 ? at : last - replaced + rowBytes,
        stride == rowBytes || used == replaced ? rowBytes : 0);
  }

  /** Puts a chunk with the edited rows in the place of the found one. */
  private void compose(int node, int found, int at, int replaced, PendingRow row, int rowBytes) {
    ByteBuffer source = arena.buffer(found);
    int sourceChunk = Arena.offset(found);
    int base = sourceChunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(source, sourceChunk);
    int rest = used - at - replaced;
    int newUsed = used - replaced + rowBytes;
    int capacity =
        used == replaced
            ? rowBytes
            : replaced > 0 ? newUsed + newUsed / 8 : ChunkSizes.ofCopy(newUsed);
    int last = ChunkFormat.lastRow(source, sourceChunk);
    int stride = ChunkFormat.stride(source, sourceChunk);
    int other = newChunk(capacity, ChunkFormat.chain(source, sourceChunk));
    ByteBuffer buffer = arena.buffer(other);
    int chunk = Arena.offset(other);
    buffer.put(chunk + ChunkFormat.ROWS, source, base, at);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS + at);
    buffer.put(chunk + ChunkFormat.ROWS + at + rowBytes, source, base + at + replaced, rest);
    ChunkFormat.setRows(
        buffer,
        chunk,
        newUsed,
        rest == 0 ? at : last - replaced + rowBytes,
        stride == rowBytes || used == replaced ? rowBytes : 0);
    takePlace(node, found, foundSuccessor, other);
  }

  /** Links a chunk in the place of another one, and leads earlier readers to that. */
  void takePlace(int node, int replaced, int successor, int other) {
    ByteBuffer buffer = arena.buffer(other);
    int chunk = Arena.offset(other);
    ChunkFormat.setOld(buffer, chunk, forEarlierReaders(replaced));
    ChunkFormat.publishPrev(buffer, chunk, prev(replaced));
    link(node, successor, other);
    noteReplaced(node, replaced, other);
    retire(replaced);
  }

  /** The chunk itself, or, if no reader sees its rows, what it leads them to. */
  private int forEarlierReaders(int reference) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    return readers.isFrozen(ChunkFormat.created(buffer, chunk))
        ? reference
        : ChunkFormat.old(buffer, chunk);
  }

  /** A row that comes behind all rows of the found chunk gets a chunk of its own. */
  private void putBeside(int node, int found, PendingRow row, int rowBytes) {
    int chain = ChunkFormat.chain(arena.buffer(found), Arena.offset(found));
    putAbove(node, found, foundSuccessor, row, roomFrom(rowBytes), chain);
  }

  private static int roomFrom(int rowBytes) {
    return rowBytes >= ChunkSizes.MIN_SPLIT_BYTES ? rowBytes : ChunkSizes.FIRST_ROWS * rowBytes;
  }

  /** A row that comes before the only row of the found chunk gets a chunk of its own. */
  private void putBelow(int node, int found, PendingRow row, int rowBytes) {
    ByteBuffer foundBuffer = arena.buffer(found);
    int foundOffset = Arena.offset(found);
    int below = newChunk(roomFrom(rowBytes), ChunkFormat.chain(foundBuffer, foundOffset));
    ByteBuffer buffer = arena.buffer(below);
    int chunk = Arena.offset(below);
    rows.write(row, buffer, chunk + ChunkFormat.ROWS);
    ChunkFormat.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    ChunkFormat.setOld(buffer, chunk, ChunkFormat.old(foundBuffer, foundOffset));
    ChunkFormat.publishPrev(buffer, chunk, ChunkFormat.prev(foundBuffer, foundOffset));
    ChunkFormat.publishPrev(foundBuffer, foundOffset, below);
    ChunkIndex index = index(node);
    if (index != null) {
      int first = foundOffset + ChunkFormat.ROWS;
      index.replace(found, below);
      index.insertAbove(
          below, found, rows.timestamp(foundBuffer, first), subkey(foundBuffer, first));
    }
  }

  /**
   * Makes room in the found chunk, which no reader sees and which has several rows, by moving its
   * later rows to a new chunk above it: those after the place of the row if that is near the end,
   * as it is when the row is a straggler, else the later half.
   */
  private void split(int node, int at, int rowBytes) {
    int found = foundChunk;
    ByteBuffer buffer = arena.buffer(found);
    int chunk = Arena.offset(found);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int boundary =
        at > used - used / 4 && at < used
            ? at
            : search.boundary(buffer, base, base + used / 2, base + used) - base;
    if (boundary == used) {
      boundary = ChunkFormat.lastRow(buffer, chunk);
    }
    int moved = used - boundary;
    int room = Math.max(moved / 4, Math.min(rowBytes, ChunkSizes.MAX_BYTES));
    int stride = ChunkFormat.stride(buffer, chunk);
    int last = ChunkFormat.lastRow(buffer, chunk);
    int upper = newChunk(moved + room, ChunkFormat.chain(buffer, chunk));
    ByteBuffer upperBuffer = arena.buffer(upper);
    int upperChunk = Arena.offset(upper);
    upperBuffer.put(upperChunk + ChunkFormat.ROWS, buffer, base + boundary, moved);
    ChunkFormat.setRows(upperBuffer, upperChunk, moved, last - boundary, stride);
    ChunkFormat.setOld(upperBuffer, upperChunk, ChunkFormat.old(buffer, chunk));
    ChunkFormat.publishPrev(upperBuffer, upperChunk, found);
    ChunkFormat.setRows(
        buffer, chunk, boundary, search.lastRowBefore(buffer, chunk, boundary), stride);
    link(node, foundSuccessor, upper);
    noteAbove(node, found, upper);
    indexIfLong(node, upper);
  }

  /** Puts copies that no reader sees, of the usual size, in the place of the found chunk. */
  private void thaw(int node) {
    int found = foundChunk;
    ByteBuffer source = arena.buffer(found);
    int base = Arena.offset(found) + ChunkFormat.ROWS;
    int used = ChunkFormat.used(source, Arena.offset(found));
    int count = Math.max(1, (used + ChunkSizes.MAX_BYTES - 1) / ChunkSizes.MAX_BYTES);
    pieceCount = 0;
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
        arena.free(
            pieces[i], ChunkFormat.ROWS + ChunkFormat.capacity(buffer, Arena.offset(pieces[i])));
      }
      throw noRoom;
    }
    int below = prev(found);
    for (int i = 0; i < pieceCount; i++) {
      ByteBuffer buffer = arena.buffer(pieces[i]);
      ChunkFormat.setOld(buffer, Arena.offset(pieces[i]), found);
      ChunkFormat.publishPrev(buffer, Arena.offset(pieces[i]), below);
      below = pieces[i];
    }
    link(node, foundSuccessor, below);
    noteReplaced(node, found, pieces[0]);
    for (int i = 1; i < pieceCount; i++) {
      noteAbove(node, pieces[i - 1], pieces[i]);
    }
    retire(found);
  }

  private void addPiece(int found, int from, int to) {
    ByteBuffer source = arena.buffer(found);
    int sourceChunk = Arena.offset(found);
    int base = sourceChunk + ChunkFormat.ROWS;
    int bytes = to - from;
    int chain = ChunkFormat.chain(source, sourceChunk);
    int reference = newChunk(ChunkSizes.ofCopy(bytes), chain);
    if (pieceCount == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieceCount);
    }
    pieces[pieceCount++] = reference;
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    buffer.put(chunk + ChunkFormat.ROWS, source, base + from, bytes);
    int stride = ChunkFormat.stride(source, sourceChunk);
    int last = bytes - stride;
    if (stride == 0) {
      for (int position = 0; position < bytes; ) {
        last = position;
        position += rows.rowBytesAt(buffer, chunk + ChunkFormat.ROWS + position);
      }
    }
    ChunkFormat.setRows(buffer, chunk, bytes, last, stride);
  }

  /** Two range tombstones from the same timestamp on become one, as far as the further reaches. */
  private void keepWiderRange(ByteBuffer buffer, int existing, PendingRow row) {
    if (row.isRangeTombstone() && rows.isTombstone(buffer, existing)) {
      long last = RowFormat.rangeLast(buffer, rows.payloadOffset(buffer, existing));
      row.rangeTombstone(row.timestamp(), Math.max(last, row.rangeLast()));
    }
  }

  /**
   * Removes the row of a map with the timestamp and subkey of {@code wanted}; false if there is
   * none.
   */
  boolean remove(int node, PendingRow wanted) {
    map = true;
    if (isInlineOnly(node)) {
      ByteBuffer nodeBuffer = arena.buffer(node);
      int inline = inlineRow(nodeBuffer, Arena.offset(node));
      if (isRemovedInline(node) || rows.compareInMap(nodeBuffer, inline, wanted) != 0) {
        return false;
      }
      removeInline(node);
      return true;
    }
    while (true) {
      findChunk(node, wanted);
      ByteBuffer buffer = arena.buffer(foundChunk);
      int chunk = Arena.offset(foundChunk);
      int base = chunk + ChunkFormat.ROWS;
      int used = ChunkFormat.used(buffer, chunk);
      int at = used == 0 ? 0 : search.firstNotBefore(buffer, chunk, wanted);
      if (at >= used || rows.compareInMap(buffer, base + at, wanted) != 0) {
        return false;
      }
      int end = at + rows.rowBytesAt(buffer, base + at);
      if (readers.isFrozen(ChunkFormat.created(buffer, chunk))
          || used - end <= ChunkSizes.MAX_BYTES) {
        removeRows(node, foundChunk, foundSuccessor, at, end);
        return true;
      }
      split(node, at, end - at);
    }
  }

  private void removeInline(int node) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    boolean tombstone = rows.isTombstone(buffer, inlineRow(buffer, offset));
    if (readers.isFrozen(ChunkFormat.nodeCreated(buffer, offset))) {
      // An empty chunk tells later readers that the inline row is gone.
      ChunkFormat.publishNodeTail(buffer, offset, newChunk(0, 0));
    } else {
      int row = inlineRow(buffer, offset);
      if (rows.rowBytesAt(buffer, row) > KEPT_EMPTY_BYTES && !readers.hasReaders()) {
        dropInlineRow(node);
      } else {
        ChunkFormat.setNodeCreated(buffer, offset, ChunkFormat.REMOVED);
      }
    }
    rowCount--;
    tombstoneCount -= tombstone ? 1 : 0;
  }

  /** Removes every row, tombstones too, from {@code first} to {@code last}; returns how many. */
  int removeRange(int node, long first, long last) {
    if (isInlineOnly(node)) {
      ByteBuffer nodeBuffer = arena.buffer(node);
      if (isRemovedInline(node)) {
        return 0;
      }
      long inline = rows.timestamp(nodeBuffer, inlineRow(nodeBuffer, Arena.offset(node)));
      if (inline < first || inline > last) {
        return 0;
      }
      removeInline(node);
      return 1;
    }
    int before = rowCount;
    findNewest(node, last);
    int successor = foundSuccessor;
    int current = foundChunk;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = ChunkFormat.prev(buffer, chunk);
      int base = chunk + ChunkFormat.ROWS;
      if (ChunkFormat.used(buffer, chunk) > 0) {
        boolean reachesBelow = rows.timestamp(buffer, base) >= first;
        int from = first == Long.MIN_VALUE ? 0 : search.firstAfter(buffer, chunk, first - 1);
        int to = search.firstAfter(buffer, chunk, last);
        successor = from < to ? removeRows(node, current, successor, from, to) : current;
        if (!reachesBelow) {
          break;
        }
      } else if (!unlinkIfUnneeded(node, current, successor, below)) {
        successor = current;
      }
      current = below;
    }
    return before - rowCount;
  }

  /** Finds a chunk that no row at or before the timestamp is newer than. */
  private void findNewest(int node, long time) {
    foundSuccessor = Arena.NONE;
    foundChunk = tail(node);
    for (int i = 0; i < ChunkIndexes.MIN_CHUNKS; i++) {
      ByteBuffer buffer = arena.buffer(foundChunk);
      int chunk = Arena.offset(foundChunk);
      int below = ChunkFormat.prev(buffer, chunk);
      if (below == Arena.NONE
          || ChunkFormat.used(buffer, chunk) == 0
          || rows.timestamp(buffer, chunk + ChunkFormat.ROWS) <= time) {
        return;
      }
      foundSuccessor = foundChunk;
      foundChunk = below;
    }
    ChunkIndex index = index(node);
    int chunk = index == null ? Arena.NONE : index.find(time);
    if (index != null && chunk != Arena.NONE) {
      foundChunk = chunk;
      foundSuccessor = successorOf(node, chunk, index);
    }
  }

  /**
   * Takes the rows between two offsets out of a chunk; returns the chunk that links to what is
   * below afterwards.
   */
  private int removeRows(int node, int reference, int successor, int from, int to) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int base = chunk + ChunkFormat.ROWS;
    int used = ChunkFormat.used(buffer, chunk);
    int rest = used - to;
    int newUsed = from + rest;
    int removedRows = search.count(buffer, base + from, base + to);
    int removedTombstones = tombstoneCount == 0 ? 0 : tombstones(buffer, base + from, base + to);
    int stride = ChunkFormat.stride(buffer, chunk);
    int last =
        newUsed == 0
            ? -1
            : rest > 0
                ? ChunkFormat.lastRow(buffer, chunk) - (to - from)
                : search.lastRowBefore(buffer, chunk, from);
    boolean frozen = readers.isFrozen(ChunkFormat.created(buffer, chunk));
    int capacity = ChunkFormat.capacity(buffer, chunk);
    int linked = reference;
    int smaller = Arena.NONE;
    if (frozen) {
      smaller = newChunk(newUsed, newUsed == 0 ? 0 : ChunkFormat.chain(buffer, chunk));
    } else if (newUsed > 0 && capacity >= MIN_SHRINK_BYTES && newUsed < capacity / 4) {
      smaller = newChunkIfRoom(newUsed + newUsed / 4, ChunkFormat.chain(buffer, chunk));
    }
    if (smaller != Arena.NONE) {
      ByteBuffer other = arena.buffer(smaller);
      int rowsStart = Arena.offset(smaller) + ChunkFormat.ROWS;
      other.put(rowsStart, buffer, base, from);
      other.put(rowsStart + from, buffer, base + to, rest);
      ChunkFormat.setRows(other, Arena.offset(smaller), newUsed, last, newUsed == 0 ? 0 : stride);
      takePlace(node, reference, successor, smaller);
      linked = smaller;
    } else {
      ChunkFormat.clearStamps(buffer, chunk);
      if (rest > 0) {
        buffer.put(base + from, buffer, base + to, rest);
      }
      ChunkFormat.setRows(buffer, chunk, newUsed, last, newUsed == 0 ? 0 : stride);
      if (newUsed == 0) {
        linked = emptied(node, reference, successor);
      }
    }
    rowCount -= removedRows;
    tombstoneCount -= removedTombstones;
    return linked;
  }

  private int tombstones(ByteBuffer buffer, int from, int to) {
    int count = 0;
    for (int position = from; position < to; position += rows.rowBytesAt(buffer, position)) {
      count += rows.isTombstone(buffer, position) ? 1 : 0;
    }
    return count;
  }

  /**
   * As {@link #newChunk}; {@link Arena#NONE} if there is no memory, for what can be left undone.
   */
  private int newChunkIfRoom(int capacity, int chain) {
    try {
      return newChunk(capacity, chain);
    } catch (MemoryBudgetExceededException noRoom) {
      return Arena.NONE;
    }
  }

  /** Unlinks an emptied chunk that no reader sees, or keeps it; returns what links to below. */
  private int emptied(int node, int reference, int successor) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int below = ChunkFormat.prev(buffer, chunk);
    if (successor != Arena.NONE || below != Arena.NONE) {
      return unlinkIfUnneeded(node, reference, successor, below) ? successor : reference;
    }
    if (!readers.hasReaders() && ChunkFormat.capacity(buffer, chunk) > KEPT_EMPTY_BYTES) {
      dropInlineRow(node);
      ChunkFormat.publishNodeTail(arena.buffer(node), Arena.offset(node), Arena.NONE);
      indexes.remove(node);
      retire(reference);
      return Arena.NONE;
    }
    return reference;
  }

  /** At most the bytes of blocks that {@link #removeRange} allocates. */
  long bytesToRemove(int node, long first, long last) {
    if (isInlineOnly(node)) {
      return CHUNK_OVERHEAD_BYTES;
    }
    long bytes = 0;
    findNewest(node, last);
    int current = foundChunk;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int used = ChunkFormat.used(buffer, chunk);
      if (used > 0 && rows.timestamp(buffer, chunk + ChunkFormat.ROWS) <= last) {
        if (readers.isFrozen(ChunkFormat.created(buffer, chunk))) {
          bytes += CHUNK_OVERHEAD_BYTES + used;
        }
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
  long bytesToInsert(int node, Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int tail = tail(node);
    long largest =
        Math.max(
            Math.max(ChunkSizes.expected(sizes.before(key)), ChunkSizes.MAX_LIKE_BYTES),
            ChunkSizes.FIRST_ROWS * (long) rowBytes);
    if (tail == Arena.NONE) {
      largest = ChunkSizes.FIRST_ROWS * (long) rowBytes + ChunkSizes.expected(sizes.before(key));
      if (!isRemovedInline(node)) {
        ByteBuffer buffer = arena.buffer(node);
        largest += rows.rowBytesAt(buffer, inlineRow(buffer, Arena.offset(node)));
      }
    } else {
      findChunk(node, row);
      largest =
          Math.max(largest, ChunkFormat.used(arena.buffer(foundChunk), Arena.offset(foundChunk)));
    }
    // A first chunk, a split in two, and a chunk with half as much room again in place of one.
    return 4 * (CHUNK_OVERHEAD_BYTES + largest + rowBytes);
  }

  /**
   * About how many bytes the rows of a key take, as a hint for the window after this one. Looks at
   * the newest chunk only.
   */
  int chainBytes(int node) {
    int tail = tail(node);
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int free = ChunkFormat.capacity(buffer, chunk) - ChunkFormat.used(buffer, chunk);
    return Math.max(0, ChunkFormat.chain(buffer, chunk) - free);
  }
}
