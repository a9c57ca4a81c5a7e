package io.timelog.internal.memtable;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.UnneededTombstones;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table in one partition window that were written since the window was last sealed:
 * an index of keys and, per key, a chain of sorted chunks, all in memory of its own.
 *
 * <p>Written by one thread, read by any number at versions (see the package). After sealing nobody
 * writes. The memory is given back by {@link #free()}, when no view holds the window any more.
 */
public final class MemtableWindow {
  private static final long MIN_GARBAGE_BYTES = 64 << 10;

  /** The version of the store when the window was made, as rows are stamped with it. */
  private static final int BASE = 0;

  private final long first;
  private final long last;
  private final long baseVersion;
  private final Arena arena;
  private final KeyNodes nodes;
  private final RowCodec codec;
  private final MemtableRows rows;
  private final SizeHints hints;
  private final ChunkIndexes indexes;
  private final Reclamation readers;
  private final RowCounts counts = new RowCounts();
  private final ChunkIndexer indexer;
  private final InlineRows inlineRows;
  private final RowRemoval removal;
  private final ChainWriter chains;
  private final RowReplacement replacement;
  private final RoomEstimates estimates;
  private final Tidying tidying;
  private final WindowIndex index;
  private final RowJournal journal;

  /** What the writer knows of it; null if there is none, or no longer. */
  private @Nullable TimeIndex times;

  private final TimeExtremes extremes = new TimeExtremes();

  /**
   * An empty window.
   *
   * @param first the first timestamp of the partition window
   * @param last the last timestamp of the partition window, included
   * @param baseVersion the version of the store now; rows are stamped relative to it
   * @param index what rows are found by
   * @param predecessor a window whose size and keys tell what to expect here, until its {@linkplain
   *     #endWrites() writes end}
   */
  public MemtableWindow(
      long first,
      long last,
      long baseVersion,
      KeyGroups keyGroups,
      WindowIndex index,
      MemoryAccount pool,
      @Nullable MemtableWindow predecessor) {
    this(first, last, baseVersion, keyGroups, index, pool, predecessor, RowJournal.none());
  }

  /**
   * An empty window that has a journal.
   *
   * @param journal is told by who writes to the window
   */
  public MemtableWindow(
      long first,
      long last,
      long baseVersion,
      KeyGroups keyGroups,
      WindowIndex index,
      MemoryAccount pool,
      @Nullable MemtableWindow predecessor,
      RowJournal journal) {
    this(
        first,
        last,
        baseVersion,
        keyGroups,
        index,
        pool,
        predecessor == null ? null : predecessor.hints,
        predecessor == null ? 0 : predecessor.hints.keys(),
        journal);
  }

  private MemtableWindow(
      long first,
      long last,
      long baseVersion,
      KeyGroups keyGroups,
      WindowIndex index,
      MemoryAccount pool,
      @Nullable SizeHints before,
      int expectedKeys,
      RowJournal journal) {
    this.journal = journal;
    this.first = first;
    this.last = last;
    this.baseVersion = baseVersion;
    this.arena = new Arena(pool);
    this.readers = new Reclamation(baseVersion, arena, pool);
    this.nodes = newNodes(keyGroups, pool, expectedKeys);
    this.codec = new RowCodec(first, last);
    this.indexes = new ChunkIndexes(pool);
    this.indexer = new ChunkIndexer(arena, codec, readers, indexes);
    this.hints = new SizeHints(arena, nodes, counts, before);
    ChunkSizes sizes = new ChunkSizes(arena, hints::bytesBefore);
    ChunkSearch search = new ChunkSearch(codec);
    ChainLinks links = new ChainLinks(arena, codec, readers, indexer);
    ChunkFinder finder = new ChunkFinder(arena, codec, indexer, links);
    this.inlineRows = new InlineRows(arena, codec, sizes, readers, counts, links);
    ChunkEditor editor =
        new ChunkEditor(arena, codec, sizes, search, readers, indexes, indexer, links, finder);
    this.removal =
        new RowRemoval(
            arena,
            codec,
            search,
            readers,
            indexes,
            counts,
            indexer,
            links,
            finder,
            inlineRows,
            editor);
    this.chains =
        new ChainWriter(
            arena,
            codec,
            sizes,
            search,
            readers,
            counts,
            indexer,
            links,
            finder,
            inlineRows,
            editor);
    this.replacement =
        new RowReplacement(
            arena,
            pool,
            codec,
            search,
            sizes,
            readers,
            counts,
            indexer,
            links,
            finder,
            inlineRows,
            chains);
    this.tidying =
        new Tidying(
            arena, nodes, new ChainMover(arena, codec, readers, indexes, links, inlineRows));
    this.index = index;
    this.times = index == WindowIndex.KEY_AND_TIME ? new TimeIndex(arena, first, last) : null;
    this.estimates = new RoomEstimates(arena, nodes, hints, chains, removal, indexer, times);
    this.rows = new MemtableRows(baseVersion, arena, nodes, codec, indexes, times, extremes);
  }

  /** The arena takes memory first here, so what it has is given back if that is not enough. */
  private KeyNodes newNodes(KeyGroups keyGroups, MemoryAccount pool, int expectedKeys) {
    try {
      return new KeyNodes(arena, readers, keyGroups, pool, expectedKeys);
    } catch (MemoryBudgetExceededException noRoom) {
      arena.close();
      throw noRoom;
    }
  }

  /**
   * An empty window for a {@linkplain WindowCopy copy} of another one.
   *
   * @param baseVersion the version of the store now
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  static MemtableWindow forCopyOf(MemtableWindow from, long baseVersion, MemoryAccount pool) {
    // Where keys come and go as many come again until the next copy, and a table that is too small
    // has to grow several times; where they only go, twice what is left is not much.
    int expectedKeys = (int) Math.min(from.nodes.size(), 2L * from.rowCount());
    MemtableWindow copy =
        new MemtableWindow(
            from.first,
            from.last,
            baseVersion,
            from.nodes.keyGroups(),
            from.index,
            pool,
            from.hints.before(),
            expectedKeys,
            from.journal);
    copy.indexer.orderAs(from.indexer);
    return copy;
  }

  /** Ends what {@link #forCopyOf} began, when all is copied. */
  void endCopyOf(MemtableWindow from) {
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.sort();
    }
    if (from.hasTombstones()) {
      rows.expectRanges(from.rows.rangeReach());
    }
  }

  /** What readers see. */
  public MemtableRows rows() {
    return rows;
  }

  SizeHints hints() {
    return hints;
  }

  InlineRows inlineRows() {
    return inlineRows;
  }

  /**
   * Is to be told of what the window is asked for, by who asks. A copy of the window has the same.
   */
  public RowJournal journal() {
    return journal;
  }

  /** First timestamp of the partition window. */
  public long first() {
    return first;
  }

  /** Last timestamp of the partition window, included. */
  public long last() {
    return last;
  }

  /** Whether the timestamp belongs to this partition window. */
  public boolean covers(long timestamp) {
    return first <= timestamp && timestamp <= last;
  }

  /** The version of the store when the window was made. */
  public long baseVersion() {
    return baseVersion;
  }

  /** Bytes held: slabs, key table, and what else is counted of the heap. */
  public long bytes() {
    return arena.bytes() + nodes.bytes() + indexes.bytes() + readers.heapBytes();
  }

  /** Bytes of all blocks that are in use, those that wait for readers included. */
  long blockBytes() {
    return arena.liveBytes();
  }

  /** Bytes in the arena that no new reader will see. */
  public long garbageBytes() {
    TimeIndex indexed = times;
    // Several rows that were written together have one pair.
    long pairs = indexed == null ? 0 : Math.max(0, (long) indexed.size() - rowCount());
    long free = arena.freeBytes();
    return free + readers.waitingBytes() + pairs * TimeIndex.PAIR_BYTES;
  }

  /** Bytes held for what a new reader sees, without what is free, or was never in a block. */
  public long bytesAlive() {
    return bytes() - garbageBytes() - arena.uncutBytes();
  }

  /**
   * Bytes of blocks that are out of sight and wait until the readers are gone that may use them.
   */
  public long heldBackBytes() {
    return readers.waitingBytes();
  }

  /** Whether so much memory was taken that the window should be sealed and another one begun. */
  public boolean isFull() {
    return arena.isFull();
  }

  /** Number of rows that are not tombstones. */
  public int liveRows() {
    return counts.rows() - counts.tombstones();
  }

  /** No row has an older timestamp; {@link Long#MAX_VALUE} if there never was a row. O(1). */
  public long oldestBound() {
    return extremes.oldest();
  }

  /** No row has a newer timestamp; {@link Long#MIN_VALUE} if there never was a row. O(1). */
  public long newestBound() {
    return extremes.newest();
  }

  /** Number of rows, tombstones included. */
  public int rowCount() {
    return counts.rows();
  }

  /** Number of keys, of which some may have no rows any more. */
  public int keyCount() {
    return nodes.size();
  }

  /** Whether a scan over a short range looks only at keys that got a row in it. */
  public boolean findsByTime() {
    return rows.findsByTime();
  }

  /** Whether a tombstone was ever written here. */
  public boolean hasTombstones() {
    return rows.hasTombstones();
  }

  /**
   * Marks this window as no longer written. It stops giving size hints, because its memory may be
   * freed.
   */
  public void endWrites() {
    hints.end();
  }

  /**
   * Adds a row of a multimap.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void append(Key key, PendingRow row, WriteMoment now) {
    begin(now);
    int hash = nodes.hash(key);
    int node = nodes.findToWrite(key, hash);
    makeRoomInTime();
    if (node != Arena.NONE) {
      chains.append(node, key, row);
    } else {
      node = addNode(key, row);
    }
    extremes.note(hash, row.timestamp());
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.add(node, row.timestamp(), counts.offsetWritten());
    }
  }

  private void begin(WriteMoment now) {
    if (!readers.isAt(now)) {
      readers.begin(now);
    }
  }

  /**
   * Adds rows of a multimap that come in order and are alike, as far as that goes at once.
   *
   * @return how many; 0 if the next has to be {@linkplain #append appended} by itself, as all have
   *     to where time is indexed
   */
  public int appendStretch(Key key, PendingRows pending, int from, int to, WriteMoment now) {
    int node = times == null ? nodes.findToWrite(key, nodes.hash(key)) : Arena.NONE;
    if (node == Arena.NONE) {
      return 0;
    }
    begin(now);
    int count = chains.appendStretch(node, pending, from, to);
    if (count > 0) {
      extremes.note(nodes.hash(key), pending.timestamp(from + count - 1));
    }
    return count;
  }

  /** Adds or replaces a row of a map; else as {@link #append}. */
  public void put(Key key, PendingRow row, WriteMoment now) {
    begin(now);
    int hash = nodes.hash(key);
    int node = nodes.findToWrite(key, hash);
    makeRoomInTime();
    boolean added = true;
    if (node != Arena.NONE) {
      added = chains.put(node, key, row);
    } else {
      node = addNode(key, row);
    }
    if (added) {
      extremes.note(hash, row.timestamp());
      TimeIndex indexed = times;
      if (indexed != null) {
        indexed.add(node, row.timestamp(), counts.offsetWritten());
      }
    }
    if (row.isTombstone()) {
      rows.expectTombstones();
    }
  }

  /** Before anything is written: a write that finds no room changes nothing. */
  private void makeRoomInTime() {
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.makeRoom();
    }
  }

  /** Adds a range tombstone; else as {@link #append}. */
  public void appendRangeTombstone(Rule rule, Key key, PendingRow row, WriteMoment now) {
    if (rule == Rule.MAP) {
      put(key, row, now);
    } else {
      append(key, row, now);
    }
    rows.expectRanges(RangeReach.of(row.timestamp(), row.rangeLast()));
  }

  /**
   * Adds a key with one row, which is inline, laid out as in another window.
   *
   * @param source has the node of so many bytes at {@code start}
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  void addNodeLike(
      ByteBuffer source, int start, int bytes, Key key, long timestamp, boolean tombstone) {
    makeRoomInTime();
    boolean apart = nodes.makeRoom(key);
    int node = arena.allocate(bytes);
    ByteBuffer buffer = arena.buffer(node);
    buffer.put(Arena.offset(node), source, start, bytes);
    KeyNode.init(buffer, Arena.offset(node), BASE);
    nodes.insert(key, node, apart);
    counts.addInline(tombstone);
    extremes.note(nodes.hash(key), timestamp);
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.add(node, timestamp, counts.offsetWritten());
    }
  }

  /**
   * Whether a copy of this window would be much smaller, and {@linkplain #tidy tidying} cannot make
   * it so: because readers hold back what was replaced, which they hold in the copy no longer, or
   * because an index by time knows where everything is.
   */
  public boolean isMostlyGarbage() {
    long held = arena.bytes();
    long garbage = times == null ? readers.waitingBytes() : garbageBytes();
    if (garbage > MIN_GARBAGE_BYTES && garbage > held / 2) {
      return true;
    }
    // What a key takes that has no rows any more is not counted: it may get some again.
    return times != null && held > 2 * MIN_GARBAGE_BYTES && rowCount() < keyCount() / 2;
  }

  /** Whether {@link #tidy} has something to do. Never in a window that is found by time. */
  public boolean isWorthTidying() {
    return times == null && tidying.isDue(rowCount());
  }

  /** As {@link #isWorthTidying}, for when memory is short. */
  public boolean isWorthTidyingWhenShort() {
    return times == null && tidying.isDueWhenShort(rowCount());
  }

  /**
   * Whether {@link #tidy} would give so much back that, where memory is short, it is worth the
   * index by time.
   */
  public boolean isWorthForgettingTimes() {
    return times != null && tidying.isWorthAnIndex(rowCount());
  }

  /**
   * Gives the index by time up, which knows nodes by where they are, so that these may be moved:
   * from now on the window is tidied, and its keys are found, as in a table without such an index.
   */
  public void forgetTimes(WriteMoment now) {
    TimeIndex indexed = times;
    if (indexed == null) {
      return;
    }
    begin(now);
    times = null;
    estimates.forgetTimes();
    rows.forgetTimes();
    indexed.retire(readers);
  }

  /**
   * Gives back some of what the window holds in vain: moves blocks out of slabs that are nearly
   * empty, and forgets keys without rows. Needs memory for what it moves, an eighth of the window
   * at most; without it, ends early.
   *
   * @param effort how much is done now: about so many keys and chunks are looked at, or sixty-four
   *     bytes moved for each of them, and at least one key
   * @return whether more is to be done
   */
  public boolean tidy(WriteMoment now, int effort) {
    begin(now);
    return times == null && tidying.step(effort);
  }

  /** Gives back what is free in sparse slabs, as far as there is memory for copies of the rest. */
  public void packWhenShort(WriteMoment now) {
    begin(now);
    if (times == null) {
      tidying.packWhenShort();
    }
  }

  /** Removes the row of a map with this timestamp and subkey; false if there is none here. */
  public boolean remove(Key key, PendingRow wanted, WriteMoment now) {
    int node = nodes.find(key);
    begin(now);
    return node != Arena.NONE && removal.remove(node, wanted);
  }

  /**
   * Removes all rows of the key from {@code from} to {@code to}, both included; returns how many.
   */
  public int removeRange(Key key, long from, long to, WriteMoment now) {
    begin(now);
    int node = nodes.find(key);
    return node == Arena.NONE ? 0 : removal.removeRange(node, from, to);
  }

  /**
   * Removes all rows of all keys from {@code from} to {@code to}, both included. Only where no
   * tombstone {@linkplain #hasTombstones was ever written}, which might reach further.
   *
   * @throws MemoryBudgetExceededException if there is no room for what readers still see; some rows
   *     may be left
   */
  public void removeRangeOfAll(long from, long to, WriteMoment now) {
    begin(now);
    KeyTable.Walk walk = nodes.walk();
    while (walk.advance()) {
      removal.removeRange(walk.node(), from, to);
    }
    nodes
        .colliding()
        .moveAll(
            node -> {
              removal.removeRange(node, from, to);
              return node;
            });
  }

  /**
   * Removes tombstones that hide nothing any more.
   *
   * @throws MemoryBudgetExceededException if there is no room for what readers still see; some
   *     tombstones may be left
   */
  public void removeTombstones(UnneededTombstones unneeded, WriteMoment now) {
    begin(now);
    new TombstoneRemoval(nodes, removal, codec, unneeded).overAll();
    if (counts.tombstones() == 0 && !readers.hasReaders()) {
      rows.expectNoTombstones();
    }
  }

  /**
   * Which entries of all keys are chosen, by numbers that hold until something is written. Changes
   * nothing: the writer may ask between two operations, so that whoever chooses may read.
   */
  public BitSet select(EntryChoice choice) {
    EntrySelection selection = new EntrySelection(nodes, removal, codec, choice);
    selection.overAll();
    return selection.chosen();
  }

  /**
   * Removes entries by their numbers in a {@linkplain #select selection}. Tombstones stay.
   *
   * @throws MemoryBudgetExceededException if there is no room for what readers still see; some
   *     entries may be left
   */
  public void removeEntries(BitSet selected, WriteMoment now) {
    begin(now);
    new EntryRemoval(nodes, removal, codec, selected).overAll();
  }

  /**
   * At most what {@link #removeRange}, followed by {@link #appendRangeTombstone} if there is a
   * tombstone, asks the budget for.
   */
  public long bytesToRemove(
      Key key, long from, long to, @Nullable PendingRow tombstone, WriteMoment now) {
    begin(now);
    return estimates.toRemove(key, from, to, tombstone);
  }

  /**
   * Puts rows in the place of all that a key has at their timestamp, all or none.
   *
   * @param tombstone a range tombstone from that timestamp on that comes before them; null for none
   * @param batch at least one row; in a map the last of those that share a subkey counts
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void replaceAll(
      Rule rule, Key key, @Nullable PendingRow tombstone, RowBatch batch, WriteMoment now) {
    begin(now);
    boolean map = rule == Rule.MAP;
    if (map) {
      indexer.orderAsMap();
    }
    NewRows added = replacement.added();
    added.set(tombstone, batch, map);
    try {
      replaceBy(added, key);
    } finally {
      added.clear();
    }
    if (tombstone != null) {
      rows.expectRanges(RangeReach.of(tombstone.timestamp(), tombstone.rangeLast()));
    }
  }

  private void replaceBy(NewRows added, Key key) {
    int hash = nodes.hash(key);
    int node = nodes.find(key, hash);
    TimeIndex indexed = times;
    if (node == Arena.NONE && added.size() == 1) {
      makeRoomInTime();
      node = addNode(key, added.single());
      if (indexed != null) {
        indexed.add(node, added.timestamp(), counts.offsetWritten());
      }
    } else {
      replacement.prepare(node, key);
      // Several rows of one time need no more than one pair that leads to none of them.
      boolean entersTime =
          indexed != null && replacement.replacedRows() <= (added.size() == 1 ? 0 : 1);
      boolean apart = makeRoomFor(node, key, entersTime);
      int published = replacement.publish();
      if (node == Arena.NONE) {
        nodes.insert(key, published, apart);
      }
      if (indexed != null && entersTime) {
        indexed.add(published, added.timestamp(), TimeIndex.NOWHERE);
      }
    }
    extremes.note(hash, added.timestamp());
  }

  /** Makes room beside what was prepared, or gives that up; returns whether a key is kept apart. */
  private boolean makeRoomFor(int node, Key key, boolean entersTime) {
    try {
      if (entersTime) {
        makeRoomInTime();
      }
      return node == Arena.NONE && nodes.makeRoom(key);
    } catch (MemoryBudgetExceededException noRoom) {
      replacement.giveUp();
      throw noRoom;
    }
  }

  private int addNode(Key key, PendingRow row) {
    boolean apart = nodes.makeRoom(key);
    int node;
    try {
      node = inlineRows.newNode(key, row);
    } catch (MemoryBudgetExceededException noRoom) {
      nodes.giveUp(key, apart);
      throw noRoom;
    }
    nodes.insert(key, node, apart);
    return node;
  }

  /** Gives the memory back. Called once, when no view holds the window any more. */
  public void free() {
    arena.close();
    nodes.close();
    indexes.close();
    readers.close();
  }
}
