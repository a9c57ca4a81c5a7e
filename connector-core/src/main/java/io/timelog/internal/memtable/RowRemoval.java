package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Takes rows out of chains.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class RowRemoval {
  /** What a chunk takes beside its rows, and what rounding adds. */
  private static final long CHUNK_OVERHEAD_BYTES = Chunk.ROWS + 2 * Long.BYTES;

  /** An emptied chunk of a key without other rows is kept if it is not larger. */
  private static final int KEPT_EMPTY_BYTES = 256;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSearch search;
  private final Reclamation readers;
  private final ChunkIndexes indexes;
  private final RowCounts counts;
  private final ChunkIndexer indexer;
  private final ChainLinks links;
  private final ChunkFinder finder;
  private final InlineRows inlineRows;
  private final ChunkEditor editor;

  RowRemoval(
      Arena arena,
      RowCodec rows,
      ChunkSearch search,
      Reclamation readers,
      ChunkIndexes indexes,
      RowCounts counts,
      ChunkIndexer indexer,
      ChainLinks links,
      ChunkFinder finder,
      InlineRows inlineRows,
      ChunkEditor editor) {
    this.arena = arena;
    this.rows = rows;
    this.search = search;
    this.readers = readers;
    this.indexes = indexes;
    this.counts = counts;
    this.indexer = indexer;
    this.links = links;
    this.finder = finder;
    this.inlineRows = inlineRows;
    this.editor = editor;
  }

  /**
   * Removes the row of a map with the timestamp and subkey of {@code wanted}; false if there is
   * none.
   */
  boolean remove(int node, PendingRow wanted) {
    indexer.orderAsMap();
    if (inlineRows.isInlineOnly(node)) {
      ByteBuffer nodeBuffer = arena.buffer(node);
      int inline = KeyNode.inlineRow(nodeBuffer, Arena.offset(node));
      if (inlineRows.isRemovedInline(node) || rows.compareInMap(nodeBuffer, inline, wanted) != 0) {
        return false;
      }
      inlineRows.removeInline(node);
      return true;
    }
    while (true) {
      finder.findChunk(node, wanted);
      ByteBuffer buffer = arena.buffer(finder.chunk());
      int chunk = Arena.offset(finder.chunk());
      int base = chunk + Chunk.ROWS;
      int used = Chunk.used(buffer, chunk);
      int at = used == 0 ? 0 : search.firstNotBefore(buffer, chunk, wanted);
      if (at >= used || rows.compareInMap(buffer, base + at, wanted) != 0) {
        return false;
      }
      int end = at + rows.rowBytesAt(buffer, base + at);
      if (readers.isFrozen(Chunk.created(buffer, chunk)) || used - end <= ChunkSizes.MAX_BYTES) {
        removeRows(node, finder.chunk(), finder.successor(), at, end);
        return true;
      }
      editor.split(node, at, end - at, ChunkSizes.LEAST_SPARE_PART);
    }
  }

  /** Removes every row, tombstones too, from {@code first} to {@code last}; returns how many. */
  int removeRange(int node, long first, long last) {
    if (inlineRows.isInlineOnly(node)) {
      ByteBuffer nodeBuffer = arena.buffer(node);
      if (inlineRows.isRemovedInline(node)) {
        return 0;
      }
      long inline = rows.timestamp(nodeBuffer, KeyNode.inlineRow(nodeBuffer, Arena.offset(node)));
      if (inline < first || inline > last) {
        return 0;
      }
      inlineRows.removeInline(node);
      return 1;
    }
    if (!readers.hasReaders() && counts.tombstones() == 0 && liesIn(node, first, last)) {
      return removeChain(node);
    }
    int before = counts.rows();
    finder.findNewest(node, last);
    int successor = finder.successor();
    int current = finder.chunk();
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = Chunk.prev(buffer, chunk);
      int base = chunk + Chunk.ROWS;
      if (Chunk.used(buffer, chunk) > 0) {
        boolean reachesBelow = rows.timestamp(buffer, base) >= first;
        int from = reachesBelow ? 0 : search.firstAfter(buffer, chunk, first - 1);
        int to =
            rows.newest(buffer, chunk) <= last
                ? Chunk.used(buffer, chunk)
                : search.firstAfter(buffer, chunk, last);
        successor = from < to ? removeRows(node, current, successor, from, to) : current;
        if (!reachesBelow) {
          break;
        }
      } else if (!links.unlinkIfUnneeded(node, current, successor, below)) {
        successor = current;
      }
      current = below;
    }
    return before - counts.rows();
  }

  /** Whether all chunks of a key have rows, and these all lie in a range. */
  private boolean liesIn(int node, long first, long last) {
    int current = links.tail(node);
    ByteBuffer buffer = arena.buffer(current);
    int chunk = Arena.offset(current);
    if (Chunk.used(buffer, chunk) == 0 || rows.newest(buffer, chunk) > last) {
      return false;
    }
    while (current != Arena.NONE) {
      buffer = arena.buffer(current);
      chunk = Arena.offset(current);
      if (Chunk.used(buffer, chunk) == 0 || rows.timestamp(buffer, chunk + Chunk.ROWS) < first) {
        return false;
      }
      current = Chunk.prev(buffer, chunk);
    }
    return true;
  }

  /**
   * Removes all rows of a key, none of which is a tombstone, when nobody reads; returns how many.
   */
  private int removeChain(int node) {
    int removed = 0;
    int kept = Arena.NONE;
    int current = links.tail(node);
    inlineRows.dropInlineRow(node);
    indexes.remove(node);
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = Chunk.prev(buffer, chunk);
      removed += search.count(buffer, chunk, 0, Chunk.used(buffer, chunk));
      if (below == Arena.NONE && Chunk.capacity(buffer, chunk) <= KEPT_EMPTY_BYTES) {
        Chunk.clearStamps(buffer, chunk);
        Chunk.setRows(buffer, chunk, 0, -1, 0);
        kept = current;
      } else {
        links.retire(current);
      }
      current = below;
    }
    KeyNode.publishTail(arena.buffer(node), Arena.offset(node), kept);
    counts.remove(removed, 0);
    return removed;
  }

  /** Decides about a row. */
  interface RowTest {
    /** Whether the row at a position of a buffer is to be removed. */
    boolean test(ByteBuffer buffer, int position);
  }

  /** Removes the rows of a key that a test chooses; none is asked about twice. */
  void removeChosen(int node, RowTest chosen) {
    if (inlineRows.isInlineOnly(node)) {
      ByteBuffer buffer = arena.buffer(node);
      int inline = KeyNode.inlineRow(buffer, Arena.offset(node));
      if (!inlineRows.isRemovedInline(node) && chosen.test(buffer, inline)) {
        inlineRows.removeInline(node);
      }
      return;
    }
    finder.findNewest(node, Long.MAX_VALUE);
    int successor = finder.successor();
    int current = finder.chunk();
    while (current != Arena.NONE) {
      int below = links.prev(current);
      successor = removeChosen(node, current, successor, chosen);
      current = below;
    }
  }

  /** Returns the chunk that links to what is below afterwards. */
  private int removeChosen(int node, int reference, int successor, RowTest chosen) {
    int current = reference;
    int at = 0;
    while (at < Chunk.used(arena.buffer(current), Arena.offset(current))) {
      ByteBuffer buffer = arena.buffer(current);
      int end = endOfChosen(buffer, Arena.offset(current), at, chosen);
      // The row at the end, if there is one, was asked about and stays.
      int kept = bytesAt(buffer, Arena.offset(current), end);
      if (end > at) {
        int linked = removeRows(node, current, successor, at, end);
        if (linked == successor || linked == Arena.NONE) {
          return successor;
        }
        current = linked;
      }
      at += kept;
    }
    return current;
  }

  /** The offset behind the rows that a test chooses and that follow one another from here on. */
  private int endOfChosen(ByteBuffer buffer, int chunk, int from, RowTest chosen) {
    int used = Chunk.used(buffer, chunk);
    int end = from;
    while (end < used && chosen.test(buffer, chunk + Chunk.ROWS + end)) {
      end += rows.rowBytesAt(buffer, chunk + Chunk.ROWS + end);
    }
    return end;
  }

  private int bytesAt(ByteBuffer buffer, int chunk, int at) {
    return at < Chunk.used(buffer, chunk) ? rows.rowBytesAt(buffer, chunk + Chunk.ROWS + at) : 0;
  }

  /**
   * Takes the rows between two offsets out of a chunk; returns the chunk that links to what is
   * below afterwards.
   */
  private int removeRows(int node, int reference, int successor, int from, int to) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int rest = used - to;
    int newUsed = from + rest;
    int removedRows = search.count(buffer, chunk, from, to);
    int removedTombstones =
        counts.tombstones() == 0 ? 0 : search.countTombstones(buffer, chunk, from, to);
    int stride = Chunk.stride(buffer, chunk);
    int last =
        newUsed == 0
            ? -1
            : rest > 0
                ? Chunk.lastRow(buffer, chunk) - (to - from)
                : search.lastRowBefore(buffer, chunk, from);
    int allRows = Chunk.rows(buffer, chunk);
    int strideThen =
        newUsed == 0
            ? 0
            : stride > 0 ? stride : Chunk.unlike(allRows < 0 ? allRows : allRows - removedRows);
    boolean frozen = readers.isFrozen(Chunk.created(buffer, chunk));
    int capacity = Chunk.capacity(buffer, chunk);
    int linked = reference;
    int smaller = Arena.NONE;
    if (frozen) {
      smaller = links.newChunk(newUsed, newUsed == 0 ? 0 : Chunk.chain(buffer, chunk));
    } else if (newUsed > 0 && capacity >= ChunkSizes.MIN_SHRINK_BYTES && newUsed < capacity / 2) {
      smaller = links.newChunkIfRoom(newUsed + newUsed / 4, Chunk.chain(buffer, chunk));
    }
    if (smaller != Arena.NONE) {
      ByteBuffer other = arena.buffer(smaller);
      int rowsStart = Arena.offset(smaller) + Chunk.ROWS;
      other.put(rowsStart, buffer, base, from);
      other.put(rowsStart + from, buffer, base + to, rest);
      Chunk.setRows(other, Arena.offset(smaller), newUsed, last, strideThen);
      links.takePlace(node, reference, successor, smaller);
      linked = smaller;
    } else {
      Chunk.clearStamps(buffer, chunk);
      if (rest > 0) {
        buffer.put(base + from, buffer, base + to, rest);
      }
      Chunk.setRows(buffer, chunk, newUsed, last, strideThen);
      if (newUsed == 0) {
        linked = emptied(node, reference, successor);
      }
    }
    counts.remove(removedRows, removedTombstones);
    return linked;
  }

  /** Unlinks an emptied chunk that no reader sees, or keeps it; returns what links to below. */
  private int emptied(int node, int reference, int successor) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int below = Chunk.prev(buffer, chunk);
    if (successor != Arena.NONE || below != Arena.NONE) {
      return links.unlinkIfUnneeded(node, reference, successor, below) ? successor : reference;
    }
    if (!readers.hasReaders() && Chunk.capacity(buffer, chunk) > KEPT_EMPTY_BYTES) {
      inlineRows.dropInlineRow(node);
      KeyNode.publishTail(arena.buffer(node), Arena.offset(node), Arena.NONE);
      indexes.remove(node);
      links.retire(reference);
      return Arena.NONE;
    }
    return reference;
  }

  /** At most the bytes of blocks that {@link #removeRange} allocates. */
  long bytesToRemove(int node, long first, long last) {
    if (inlineRows.isInlineOnly(node)) {
      return CHUNK_OVERHEAD_BYTES;
    }
    long bytes = 0;
    finder.findNewest(node, last);
    int current = finder.chunk();
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int used = Chunk.used(buffer, chunk);
      if (used > 0 && rows.timestamp(buffer, chunk + Chunk.ROWS) <= last) {
        boolean reachesBelow = rows.timestamp(buffer, chunk + Chunk.ROWS) >= first;
        if (readers.isFrozen(Chunk.created(buffer, chunk))) {
          boolean goes = reachesBelow && rows.newest(buffer, chunk) <= last;
          bytes += CHUNK_OVERHEAD_BYTES + (goes ? 0 : used);
        }
        if (!reachesBelow) {
          break;
        }
      }
      current = Chunk.prev(buffer, chunk);
    }
    return bytes;
  }
}
