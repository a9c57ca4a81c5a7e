package io.timelog.internal.memtable;

import io.timelog.Span;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one key in one window as of a version, oldest first or newest first.
 *
 * <p>Opening walks the chain once and notes the chunks that the version sees and the range touches;
 * stepping then reads them one after the other without looking at links again. The chunks it noted
 * are frozen for as long as the reader is registered.
 */
abstract class ChainCursor extends RowCursor {
  private static final int INLINE = -1;
  private static final long NARROW_MASK = 0xFFFFFFFFL;
  private static final long WIDE_MASK = -1;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkIndexes indexes;
  private final int timestampBytes;
  private int version;
  private int[] chunks = new int[8];
  private int chunkCount;
  private int node;
  private boolean plain;

  /** The subkey of the entry at {@link #first} behind which the cursor begins; mostly null. */
  private @Nullable Span behind;

  /** Bounds of the open cursor, both included. */
  long first;

  long last;

  ChainCursor(Arena arena, RowCodec rows, ChunkIndexes indexes) {
    this.arena = arena;
    this.rows = rows;
    this.indexes = indexes;
    this.timestampBytes = rows.timestampBytes();
  }

  /** Oldest first. */
  static ChainCursor forward(Arena arena, RowCodec rows, ChunkIndexes indexes) {
    return new Forward(arena, rows, indexes);
  }

  /** Newest first. */
  static ChainCursor backward(Arena arena, RowCodec rows, ChunkIndexes indexes) {
    return new Backward(arena, rows, indexes);
  }

  /** Says, before it is opened, that the cursor may meet tombstones. Returns this. */
  final ChainCursor expectTombstones(boolean expected) {
    plain = !expected;
    return this;
  }

  /** Points the cursor before the first row of {@code node} in the range. Returns this. */
  final ChainCursor open(int node, int version, long first, long last) {
    return open(node, version, first, null, last);
  }

  /**
   * As {@link #open(int, int, long, long)}; a forward cursor may begin behind the place of an entry
   * of a map. Returns this.
   *
   * @param subkey of an entry at {@code first} that is passed over with all before it; must not
   *     change until the cursor has been advanced. Null if nothing is passed over.
   */
  final ChainCursor open(int node, int version, long first, @Nullable Span subkey, long last) {
    this.behind = subkey;
    this.node = node;
    this.version = version;
    this.first = first;
    this.last = last;
    chunkCount = 0;
    boolean inlineIsValid = true;
    int steps = 0;
    int current = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (Chunk.created(buffer, chunk) > version) {
        current = before(buffer, chunk);
      } else {
        inlineIsValid = false;
        if (Chunk.usedAt(buffer, chunk, version) > 0) {
          // The newest row of a chunk is not looked at: it lies on another cache line, and a chunk
          // that ends before the range costs the search in it once.
          long oldest = rows.timestamp(buffer, chunk + Chunk.ROWS);
          if (oldest <= last) {
            note(current);
          }
          if (oldest < first || (subkey != null && isPassed(buffer, chunk + Chunk.ROWS))) {
            break;
          }
        }
        current = Chunk.prev(buffer, chunk);
      }
      if (++steps == ChunkIndexes.MIN_CHUNKS && chunkCount == 0) {
        ChunkIndex index = indexes.of(node);
        int found = index == null || !index.isFor(version) ? Arena.NONE : index.find(last);
        current = found == Arena.NONE ? current : found;
      }
    }
    if (inlineIsValid) {
      noteInlineRow(version);
    }
    rewind();
    return this;
  }

  /** Where a reader goes on that is older than a chunk. */
  static int before(ByteBuffer buffer, int chunk) {
    int old = Chunk.old(buffer, chunk);
    return old != Arena.NONE ? old : Chunk.prev(buffer, chunk);
  }

  /**
   * Points the cursor before a row that is the only one of its key in the range, if it is in it;
   * else the cursor has to be {@linkplain #open opened}.
   *
   * @param row where the row of a chunk of like rows starts, one that the reader sees
   * @return whether the row is in the range
   */
  final boolean openOnly(ByteBuffer buffer, int row, int rowBytes, long first, long last) {
    long time = rows.timestamp(buffer, row);
    if (time < first || time > last) {
      return false;
    }
    chunkCount = 0;
    rewind();
    standBefore(buffer, row, rowBytes);
    return true;
  }

  /** Has the cursor, which has no noted chunks, go on with one row of a size. */
  abstract void standBefore(ByteBuffer buffer, int row, int rowBytes);

  /** Whether a row is not behind the entry behind which the cursor begins. */
  private boolean isPassed(ByteBuffer buffer, int row) {
    Span subkey = behind;
    return subkey != null && rows.compareInMap(buffer, row, first, subkey) <= 0;
  }

  /** The first row behind that entry, of the rows of a chunk from a place on. */
  final int pass(ByteBuffer buffer, int from, int end, int stride) {
    int row = from;
    if (stride == 0) {
      while (row < end && isPassed(buffer, row)) {
        row += rows.rowBytesAt(buffer, row);
      }
      return row;
    }
    int low = 0;
    int high = (end - from) / stride;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isPassed(buffer, from + middle * stride)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return from + low * stride;
  }

  final boolean beginsBehind() {
    return behind != null;
  }

  private void noteInlineRow(int version) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    if (KeyNode.created(buffer, offset) <= version) {
      long time = rows.timestamp(buffer, KeyNode.inlineRow(buffer, offset));
      if (first <= time && time <= last) {
        note(INLINE);
      }
    }
  }

  private void note(int chunk) {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunks[chunkCount++] = chunk;
  }

  abstract void rewind();

  /** Number of noted chunks; they are numbered from the newest, 0, to the oldest. */
  final int chunkCount() {
    return chunkCount;
  }

  final ByteBuffer bufferOf(int index) {
    int chunk = chunks[index];
    return arena.buffer(chunk == INLINE ? node : chunk);
  }

  final int rowsStart(int index) {
    int chunk = chunks[index];
    return chunk == INLINE
        ? KeyNode.inlineRow(arena.buffer(node), Arena.offset(node))
        : Arena.offset(chunk) + Chunk.ROWS;
  }

  final int rowsEnd(int index) {
    int chunk = chunks[index];
    if (chunk == INLINE) {
      int row = rowsStart(index);
      return row + rows.rowBytesAt(arena.buffer(node), row);
    }
    return Arena.offset(chunk)
        + Chunk.ROWS
        + Chunk.usedAt(arena.buffer(chunk), Arena.offset(chunk), version);
  }

  final int strideOf(int index) {
    int chunk = chunks[index];
    return chunk == INLINE
        ? rowsEnd(index) - rowsStart(index)
        : Chunk.stride(arena.buffer(chunk), Arena.offset(chunk));
  }

  final long timestampAt(ByteBuffer buffer, int row) {
    return rows.timestamp(buffer, row);
  }

  /** Whether no row of the window is a tombstone. */
  final boolean isPlain() {
    return plain;
  }

  final long windowLast() {
    return rows.windowLast();
  }

  /** Where the first row of the chunk at or after {@code time} starts. */
  final int seek(int index, long time) {
    ByteBuffer buffer = bufferOf(index);
    int start = rowsStart(index);
    int end = rowsEnd(index);
    int stride = strideOf(index);
    if (stride > 0) {
      return rows.seek(buffer, start, end, stride, time);
    }
    int position = start;
    while (position < end && rows.timestamp(buffer, position) < time) {
      position += rows.rowBytesAt(buffer, position);
    }
    return position;
  }

  /** Where the first row behind the range starts, of a chunk of like rows that has one. */
  final int endOfRange(int index, int from) {
    ByteBuffer buffer = bufferOf(index);
    return rows.timestamp(buffer, from) > last
        ? from
        : rows.seekAfter(buffer, from, rowsEnd(index), strideOf(index), last + 1);
  }

  /** The first row later than {@code time}, of a chunk of rows of one size that has one. */
  final int firstAfter(int index, int from, long time) {
    return rows.seekAfter(bufferOf(index), from, rowsEnd(index), strideOf(index), time + 1);
  }

  final int rowBytesAt(ByteBuffer buffer, int row) {
    return rows.rowBytesAt(buffer, row);
  }

  /** Takes the row at {@code row} as the current one and returns where the next row starts. */
  final int take(ByteBuffer buffer, int row, long time) {
    int position = row + timestampBytes;
    int head = buffer.get(position);
    if (head >= 0) {
      position++;
    } else {
      head = RowFormat.getVarint(buffer, position);
      position += RowFormat.varintSize(head);
    }
    int length = head >>> 1;
    timestamp = time;
    tombstone = (head & 1) != 0;
    payload = buffer;
    payloadOffset = position;
    payloadLength = length;
    return position + length;
  }

  /**
   * Steps over rows of a chunk that has rows of one size only, of which the current one starts at
   * {@code row} and {@code left} more are in the range; for {@link #passStretch()}.
   *
   * @param stride from one row to the next in the direction of the cursor
   */
  final int passRows(ByteBuffer buffer, int row, int stride, int left) {
    int count = Math.min(left, STRETCH_ROWS);
    if (count > 0) {
      rowStride = stride;
      timestampStride = stride;
      timestampOffset = row;
      boolean narrow = rows.isNarrow();
      timestampOrigin = narrow ? rows.origin() : 0;
      timestampMask = narrow ? NARROW_MASK : WIDE_MASK;
      touch(buffer, row, row + count * stride);
    }
    return count;
  }

  private static final class Forward extends ChainCursor {
    // Nearly always the rows of a chunk have one size. Then the place of the next row follows from
    // the place of this one and not from what is read there, and where the range ends is looked up
    // once per chunk.

    private int index;
    private ByteBuffer buffer = payload;
    private int position;
    private int end;

    /** The size of every row up to {@link #end}, all of which are in the range; 0 if unknown. */
    private int stride;

    Forward(Arena arena, RowCodec rows, ChunkIndexes indexes) {
      super(arena, rows, indexes);
    }

    @Override
    void rewind() {
      index = chunkCount();
      position = 0;
      end = 0;
    }

    @Override
    void standBefore(ByteBuffer rowsIn, int row, int rowBytes) {
      buffer = rowsIn;
      position = row;
      end = row + rowBytes;
      stride = rowBytes;
    }

    @Override
    public boolean advance() {
      while (position >= end) {
        if (index == 0) {
          return false;
        }
        index--;
        openChunk();
      }
      long time = timestampAt(buffer, position);
      if (stride == 0 && time > last) {
        index = 0;
        position = end;
        return false;
      }
      position = take(buffer, position, time);
      return true;
    }

    @Override
    public long pass(long time, long most) {
      long passed = 0;
      while (passed < most && index > 0) {
        index--;
        int chunk = index;
        openChunk();
        passed += passInChunk(chunk, time, most - passed);
        if (position < end) {
          break;
        }
      }
      return passed;
    }

    private long passInChunk(int chunk, long time, long most) {
      int rowBytes = strideOf(chunk);
      if (rowBytes == 0) {
        long passed = 0;
        while (passed < most && position < end && timestampAt(buffer, position) == time) {
          position += rowBytesAt(buffer, position);
          passed++;
        }
        return passed;
      }
      int from = position;
      int all = (int) Math.min(most, (end - from) / rowBytes);
      if (all > 0 && timestampAt(buffer, from) == time) {
        int behind = from + all * rowBytes;
        position =
            timestampAt(buffer, behind - rowBytes) == time ? behind : firstAfter(chunk, from, time);
      }
      int rowsPassed = (position - from) / rowBytes;
      return rowsPassed;
    }

    @Override
    public int passStretch() {
      if (stride == 0) {
        return 0;
      }
      int passed = passRows(buffer, position - stride, stride, (end - position) / stride);
      position += passed * stride;
      return passed;
    }

    private void openChunk() {
      buffer = bufferOf(index);
      int start = rowsStart(index);
      position = timestampAt(buffer, start) >= first ? start : seek(index, first);
      end = rowsEnd(index);
      if (beginsBehind()) {
        position = pass(buffer, position, end, strideOf(index));
      }
      stride = isPlain() ? strideOf(index) : 0;
      if (stride > 0 && last < windowLast() && timestampAt(buffer, end - stride) > last) {
        end = endOfRange(index, position);
        index = 0;
      }
    }
  }

  private static final class Backward extends ChainCursor {
    private int index;
    private ByteBuffer buffer = payload;

    /** Starts of rows of different sizes that are still to come, the last of them next. */
    private int[] starts = new int[0];

    private int remaining;

    /** The size of every row of the chunk; 0 if they differ. */
    private int stride;

    /** Behind the next row, and where the rows in the range begin, if they have one size. */
    private int position;

    private int begin;

    Backward(Arena arena, RowCodec rows, ChunkIndexes indexes) {
      super(arena, rows, indexes);
    }

    @Override
    void rewind() {
      index = -1;
      remaining = 0;
      stride = 0;
      position = 0;
      begin = 0;
    }

    @Override
    void standBefore(ByteBuffer rowsIn, int row, int rowBytes) {
      buffer = rowsIn;
      position = row + rowBytes;
      begin = row;
      stride = rowBytes;
    }

    @Override
    public boolean advance() {
      while (remaining == 0 && position <= begin) {
        if (index + 1 >= chunkCount()) {
          index = chunkCount();
          return false;
        }
        index++;
        openChunk();
      }
      int row;
      if (stride > 0) {
        position -= stride;
        row = position;
      } else {
        remaining--;
        row = starts[remaining];
      }
      take(buffer, row, timestampAt(buffer, row));
      return true;
    }

    @Override
    public int passStretch() {
      if (stride == 0) {
        return 0;
      }
      int passed = passRows(buffer, position, -stride, (position - begin) / stride);
      position -= passed * stride;
      return passed;
    }

    private void openChunk() {
      buffer = bufferOf(index);
      begin = seek(index, first);
      stride = isPlain() ? strideOf(index) : 0;
      if (stride > 0) {
        int end = rowsEnd(index);
        position =
            begin < end && last < windowLast() && timestampAt(buffer, end - stride) > last
                ? endOfRange(index, begin)
                : end;
      } else {
        position = begin;
        collectStarts();
      }
    }

    /** Rows can only be walked forwards, so the starts of those in the range are noted first. */
    private void collectStarts() {
      int row = begin;
      int end = rowsEnd(index);
      while (row < end) {
        long time = timestampAt(buffer, row);
        if (time > last) {
          break;
        }
        if (remaining == starts.length) {
          starts = Arrays.copyOf(starts, Math.max(64, remaining * 2));
        }
        starts[remaining++] = row;
        row = take(buffer, row, time);
      }
    }
  }
}
