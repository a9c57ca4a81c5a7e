package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;

/**
 * Puts rows in the place of all that a key has at their timestamp: what needs memory is prepared
 * first and seen by nobody; then it is published, which cannot fail, or given up.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class RowReplacement {
  /*
   * New rows go where those before them are if these lie in one chunk that no reader sees, and the new
   * ones fit there. Else they are written into chunks of their own, made for just so many bytes, and one
   * store links these into the chain, in the place of the run of chunks that had rows of the timestamp.
   * Rows of other timestamps in these chunks are copied beside the new ones if all of them fit into one
   * chunk of the usual size; else those before stay where they are if no reader sees them, and what has
   * to be copied gets a chunk of its own.
   *
   * Every new chunk leads earlier readers into the run, from where they go on by the links that it had.
   * In the index of a long chain the run is replaced in one step, too, for the readers who come by that
   * way: the first new chunk is found for every row of the timestamp, whatever its subkey, because what
   * an earlier reader looks for may come before the first row of it that is there now.
   */

  /** Where the rows go. */
  private enum Way {
    /** A node that no key has yet. */
    NEW_NODE,
    /** The inline row of the node. */
    INLINE_ROW,
    /** The first chunks of a node. */
    FIRST_CHUNKS,
    /** The chunk that has the rows before them. */
    SAME_CHUNK,
    /** Chunks in the place of others. */
    OTHER_CHUNKS
  }

  private final Arena arena;
  private final MemoryAccount pool;
  private final RowCodec rows;
  private final ChunkSearch search;
  private final ChunkSizes sizes;
  private final Reclamation readers;
  private final RowCounts counts;
  private final ChunkIndexer indexer;
  private final ChainLinks links;
  private final InlineRows inlineRows;
  private final ChainWriter chains;
  private final ChunkRun run;
  private final NewChunks chunks;
  private final RowRange before;
  private final RowRange behind;
  private final RowRange nothing;
  private final NewRows added;

  private Way way = Way.SAME_CHUNK;
  private int node;

  /** The block of a new node. */
  private int nodeBytes;

  private boolean keepsOldest;
  private int replacedRows;
  private int replacedTombstones;

  RowReplacement(
      Arena arena,
      MemoryAccount pool,
      RowCodec rows,
      ChunkSearch search,
      ChunkSizes sizes,
      Reclamation readers,
      RowCounts counts,
      ChunkIndexer indexer,
      ChainLinks links,
      ChunkFinder finder,
      InlineRows inlineRows,
      ChainWriter chains) {
    this.arena = arena;
    this.pool = pool;
    this.rows = rows;
    this.search = search;
    this.sizes = sizes;
    this.readers = readers;
    this.counts = counts;
    this.indexer = indexer;
    this.links = links;
    this.inlineRows = inlineRows;
    this.chains = chains;
    this.run = new ChunkRun(arena, rows, search, readers, counts, finder);
    this.chunks = new NewChunks(arena, links);
    this.before = new RowRange(rows);
    this.behind = new RowRange(rows);
    this.nothing = new RowRange(rows);
    this.added = new NewRows(rows);
  }

  /** The rows that are to be put. */
  NewRows added() {
    return added;
  }

  /** How many rows are replaced, tombstones included. */
  int replacedRows() {
    return replacedRows;
  }

  /**
   * Prepares the rows for a node.
   *
   * @param present the node of the key; {@link Arena#NONE} if it has none
   * @throws MemoryBudgetExceededException if there is no room for them; nothing changed, as if it
   *     throws what the batch threw
   */
  void prepare(int present, Key key) {
    node = present;
    way = Way.SAME_CHUNK;
    keepsOldest = false;
    replacedRows = 0;
    replacedTombstones = 0;
    before.clear();
    behind.clear();
    if (added.bytes() > pool.limitBytes()) {
      throw new MemoryBudgetExceededException(
          added.bytes(), pool.limitBytes() - pool.availableBytes(), pool.limitBytes());
    }
    chunks.begin(Arena.NONE);
    try {
      if (node == Arena.NONE) {
        prepareNode(key);
      } else if (inlineRows.isInlineOnly(node)) {
        prepareBesideInline(key);
      } else {
        prepareInChain(key);
      }
    } catch (MemoryBudgetExceededException noRoom) {
      giveUp();
      throw forAll(noRoom);
    } catch (RuntimeException | Error failed) {
      giveUp();
      throw failed;
    }
  }

  /** The same refusal, of all that is needed: relief has to free it at once. */
  private MemoryBudgetExceededException forAll(MemoryBudgetExceededException noRoom) {
    long bytes = added.bytes() + before.bytes() + behind.bytes();
    if (noRoom.reason() == MemoryBudgetExceededException.Reason.SOURCE_EXHAUSTED
        || noRoom.use().requestedBytes() >= bytes) {
      return noRoom;
    }
    MemoryBudgetExceededException all =
        new MemoryBudgetExceededException(bytes, noRoom.use().usedBytes(), pool.limitBytes());
    all.addSuppressed(noRoom);
    return all;
  }

  /** Gives back what was prepared. */
  void giveUp() {
    chunks.giveBack();
    if (way == Way.NEW_NODE && node != Arena.NONE) {
      arena.free(node, nodeBytes);
      arena.giveBackUnused();
      node = Arena.NONE;
    }
  }

  private void prepareNode(Key key) {
    way = Way.NEW_NODE;
    nodeBytes = InlineRows.bytesOfNode(key);
    // Apart from one another, so that the block of chunks that are let go is one for other chunks.
    node = inlineRows.newNodeWithoutRow(key);
    addChunks(Arena.NONE, key);
    chunks.complete(Arena.NONE, Arena.NONE);
    links.link(node, Arena.NONE, chunks.newest());
  }

  private void prepareBesideInline(Key key) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int created = KeyNode.created(buffer, offset);
    int inline = KeyNode.inlineRow(buffer, offset);
    boolean removed = inlineRows.isRemovedInline(node);
    int rowBytes = created == KeyNode.NO_ROOM ? 0 : rows.rowBytesAt(buffer, inline);
    int order = removed ? 0 : Long.compare(rows.timestamp(buffer, inline), added.timestamp());
    replacedRows = !removed && order == 0 ? 1 : 0;
    replacedTombstones = replacedRows > 0 && rows.isTombstone(buffer, inline) ? 1 : 0;
    if (order == 0
        && added.size() == 1
        && added.bytes() == rowBytes
        && (removed || !readers.isFrozen(created))) {
      way = Way.INLINE_ROW;
      return;
    }
    way = Way.FIRST_CHUNKS;
    if (order != 0) {
      (order < 0 ? before : behind).set(buffer, inline, rowBytes, rowBytes);
    }
    addChunks(Arena.NONE, key);
  }

  private void prepareInChain(Key key) {
    run.find(node, added.timestamp());
    replacedRows = run.rowCount();
    replacedTombstones = run.tombstoneCount();
    if (fitsInSameChunk()) {
      way = Way.SAME_CHUNK;
      return;
    }
    way = Way.OTHER_CHUNKS;
    if (run.prefixBytes() > 0) {
      setRange(before, run.oldest(), 0, run.prefixBytes());
    }
    if (run.suffixChunk() != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(run.suffixChunk());
      int used = Chunk.used(buffer, Arena.offset(run.suffixChunk()));
      setRange(behind, run.suffixChunk(), run.suffixStart(), used);
    }
    int below = run.below();
    if (!before.isEmpty() && !fitsOneChunk() && !isFrozen(run.oldest())) {
      keepsOldest = true;
      before.clear();
      below = run.oldest();
    }
    addChunks(below, key);
    indexer.makeRoom(node, chunks.count());
  }

  private boolean isFrozen(int chunk) {
    return readers.isFrozen(Chunk.created(arena.buffer(chunk), Arena.offset(chunk)));
  }

  private void setRange(RowRange range, int reference, int from, int to) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    range.set(buffer, chunk + Chunk.ROWS + from, to - from, Chunk.stride(buffer, chunk));
  }

  /** The chunk that the rows go into if they can be written where others are. */
  private int sameChunk() {
    return switch (run.count()) {
      case 0 -> run.below();
      case 1 -> run.oldest();
      default -> Arena.NONE;
    };
  }

  private boolean fitsInSameChunk() {
    int same = sameChunk();
    if (same == Arena.NONE || isFrozen(same)) {
      return false;
    }
    ByteBuffer buffer = arena.buffer(same);
    int chunk = Arena.offset(same);
    int used = Chunk.used(buffer, chunk);
    int from = from(used);
    int to = to(used);
    int capacity = Chunk.capacity(buffer, chunk);
    long usedThen = used - (to - from) + added.bytes();
    boolean others = from > 0 || to < used;
    boolean alike =
        added.stride() > 0 && (!others || Chunk.stride(buffer, chunk) == added.stride());
    boolean small = usedThen <= sizes.most(alike) || (!others && added.size() == 1);
    boolean moves = to < used && added.bytes() != to - from;
    boolean wasteful =
        usedThen < used && capacity >= ChunkSizes.MIN_SHRINK_BYTES && usedThen < capacity / 2;
    return usedThen <= capacity
        && small
        && !(moves && used - to > ChunkSizes.MAX_BYTES)
        && !wasteful;
  }

  /** Where the rows that are replaced begin in the one chunk that has them. */
  private int from(int used) {
    return run.count() == 0 ? used : run.prefixBytes();
  }

  /** Where they end. */
  private int to(int used) {
    return run.suffixChunk() == Arena.NONE ? used : run.suffixStart();
  }

  private boolean fitsOneChunk() {
    long all = added.bytes() + before.bytes() + behind.bytes();
    return all <= sizes.most(isAlike() && before.isEmpty() && behind.isEmpty());
  }

  private boolean isAlike() {
    int stride = added.stride();
    return stride > 0
        && (before.isEmpty() || before.stride() == stride)
        && (behind.isEmpty() || behind.stride() == stride);
  }

  /** Makes the chunks for the new rows and those beside them. */
  private void addChunks(int below, Key key) {
    chunks.begin(below);
    if (fitsOneChunk()) {
      fill(chunks.add(capacityForAll(below, key)), before, 0, added.size(), behind);
      return;
    }
    addCopy(before);
    int most = sizes.most(added.stride() > 0);
    int from = 0;
    while (from < added.size()) {
      int to = added.endWithin(from, most);
      fill(chunks.add(Math.toIntExact(added.bytes(from, to))), nothing, from, to, nothing);
      from = to;
    }
    addCopy(behind);
  }

  private void addCopy(RowRange range) {
    if (!range.isEmpty()) {
      fill(chunks.add(range.bytes()), range, 0, 0, nothing);
    }
  }

  /** Just what is needed, unless more rows will probably come among these or behind them. */
  private int capacityForAll(int below, Key key) {
    int bytes = (int) (before.bytes() + added.bytes() + behind.bytes());
    if (!before.isEmpty() || !behind.isEmpty()) {
      int wanted = replacedRows > 0 ? bytes + bytes / 8 : sizes.ofCopy(bytes);
      return Math.max(bytes, Math.min(wanted, sizes.most(false)));
    }
    boolean comesLast =
        way == Way.OTHER_CHUNKS && run.successor() == Arena.NONE && below != Arena.NONE;
    return comesLast && replacedRows == 0
        ? Math.max(bytes, chains.capacityBehind(below, key, added.rowBytes(0)))
        : bytes;
  }

  /** Fills a chunk with rows that stay, new ones, and others that stay; each may be none. */
  private void fill(int reference, RowRange front, int from, int to, RowRange rear) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int base = chunk + Chunk.ROWS;
    int end = base;
    int last = -1;
    int stride = -1;
    int count = front.count() + to - from + rear.count();
    if (!front.isEmpty()) {
      front.copyTo(buffer, end);
      last = front.lastRow();
      stride = front.stride();
      end += front.bytes();
    }
    if (from < to) {
      end = added.write(from, to, buffer, end);
      last = added.lastWritten() - base;
      stride = common(stride, to - from == 1 ? added.rowBytes(from) : added.stride());
    }
    if (!rear.isEmpty()) {
      rear.copyTo(buffer, end);
      last = end - base + rear.lastRow();
      stride = common(stride, rear.stride());
      end += rear.bytes();
    }
    Chunk.setRows(buffer, chunk, end - base, last, stride > 0 ? stride : Chunk.unlike(count));
  }

  private static int common(int stride, int other) {
    return stride < 0 || stride == other ? other : 0;
  }

  /**
   * Puts the rows that were prepared, which cannot fail.
   *
   * @return the node that has them; if there was none before, it is to be entered for the key
   */
  int publish() {
    switch (way) {
      case NEW_NODE -> indexer.indexIfLong(node, links.tail(node));
      case INLINE_ROW -> writeInline();
      case FIRST_CHUNKS -> linkFirstChunks();
      case SAME_CHUNK -> writeInSameChunk();
      case OTHER_CHUNKS -> linkChunks();
    }
    counts.remove(replacedRows, replacedTombstones);
    counts.addRows(added.size(), added.hasTombstone() ? 1 : 0);
    before.clear();
    behind.clear();
    return node;
  }

  private void writeInline() {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    added.write(0, 1, buffer, KeyNode.inlineRow(buffer, offset));
    KeyNode.setCreated(buffer, offset, readers.version());
  }

  private void linkFirstChunks() {
    chunks.complete(Arena.NONE, Arena.NONE);
    links.link(node, Arena.NONE, chunks.newest());
    inlineRows.dropInlineRow(node);
    indexer.indexIfLong(node, chunks.newest());
  }

  private void writeInSameChunk() {
    int same = sameChunk();
    ByteBuffer buffer = arena.buffer(same);
    int chunk = Arena.offset(same);
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int from = from(used);
    int to = to(used);
    int end = from + (int) added.bytes();
    int rest = used - to;
    int stride = added.size() == 1 ? end - from : added.stride();
    if (from > 0 || rest > 0) {
      stride = common(Chunk.stride(buffer, chunk), stride);
    }
    int last = Chunk.lastRow(buffer, chunk) + end - to;
    int others = Chunk.rows(buffer, chunk);
    int count = others < 0 ? others : others - replacedRows + added.size();
    Chunk.clearStamps(buffer, chunk);
    if (rest > 0 && end != to) {
      buffer.put(base + end, buffer, base + to, rest);
    }
    added.write(0, added.size(), buffer, base + from);
    Chunk.setRows(
        buffer,
        chunk,
        end + rest,
        rest > 0 ? last : added.lastWritten() - base,
        stride > 0 ? stride : Chunk.unlike(count));
    if (from == 0 && indexer.isMap()) {
      indexer.noteRun(node, run.below(), run.chunks(), 1, run.chunks(), 1, added.timestamp());
    }
  }

  private void linkChunks() {
    int below = keepsOldest ? run.oldest() : run.below();
    int gone = keepsOldest ? run.count() - 1 : run.count();
    chunks.complete(below, run.forEarlierReaders());
    if (keepsOldest) {
      keepPrefix(below);
    }
    links.link(node, run.successor(), chunks.newest());
    indexer.noteRun(
        node, below, run.chunks(), gone, chunks.chunks(), chunks.count(), added.timestamp());
    for (int i = 0; i < gone; i++) {
      links.retire(run.chunks()[i]);
    }
  }

  /** Leaves a chunk, of which no reader sees rows, those before the timestamp. */
  private void keepPrefix(int reference) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int kept = run.prefixBytes();
    int last = search.lastRowBefore(buffer, chunk, kept);
    int stride = Chunk.stride(buffer, chunk);
    int count = search.count(buffer, chunk, 0, kept);
    Chunk.clearStamps(buffer, chunk);
    Chunk.setRows(buffer, chunk, kept, last, stride > 0 ? stride : Chunk.unlike(count));
    links.cutOff(reference, kept);
  }
}
