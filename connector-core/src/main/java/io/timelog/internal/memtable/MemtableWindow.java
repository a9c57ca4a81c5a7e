package io.timelog.internal.memtable;

import io.timelog.ByteTarget;
import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyHash;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table in one partition window that were written since the window was last sealed:
 * an index of keys and, per key, a chain of sorted chunks, all in memory of its own.
 *
 * <p>Written by one thread, read by any number at versions (see the package). After sealing nobody
 * writes. The memory is given back by {@link #free()}, when no view holds the window any more.
 */
public final class MemtableWindow implements RowSource {
  /** Says that a window has no key of a hash. */
  public static final int ABSENT = Arena.NONE;

  private static final int HINT_MIN_ROWS_PER_KEY = 4;

  /** Rows that go between others split chunks, each of which is half empty then. */
  private static final int ROWS_BETWEEN_FACTOR = 8;

  /** A window that grows takes ever larger slabs, which together are little more than the last. */
  private static final int SLAB_GROWTH_FACTOR = 2;

  private static final long MIN_GARBAGE_BYTES = 64 << 10;
  private static final int CACHE_LINE_BYTES = 64;
  private static final int OS_PAGE_BYTES = 4096;

  private final long first;
  private final long last;
  private final long baseVersion;
  private final Arena arena;
  private final KeyNodes nodes;
  private final RowCodec rows;
  private final ChainReader chainReader;
  private final ChunkIndexes indexes;
  private final Reclamation readers;
  private final RowCounts counts = new RowCounts();
  private final ChunkIndexer indexer;
  private final InlineRows inlineRows;
  private final RowRemoval removal;
  private final ChainWriter chains;
  private final Tidying tidying;
  private final @Nullable TimeIndex times;
  private final TimeExtremes extremes = new TimeExtremes();
  private @Nullable MemtableWindow predecessor;
  private boolean writesEnded;
  private volatile boolean tombstones;

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
    this(
        first,
        last,
        baseVersion,
        keyGroups,
        index,
        pool,
        predecessor,
        predecessor == null ? 0 : predecessor.nodes.size());
  }

  private MemtableWindow(
      long first,
      long last,
      long baseVersion,
      KeyGroups keyGroups,
      WindowIndex index,
      MemoryAccount pool,
      @Nullable MemtableWindow predecessor,
      int expectedKeys) {
    this.first = first;
    this.last = last;
    this.baseVersion = baseVersion;
    this.predecessor = predecessor;
    this.arena = new Arena(pool);
    this.nodes = new KeyNodes(arena, keyGroups, pool, expectedKeys);
    this.rows = new RowCodec(first, last);
    this.indexes = new ChunkIndexes(pool);
    this.chainReader = new ChainReader(arena, rows, indexes);
    this.readers = new Reclamation(baseVersion, arena, pool);
    this.indexer = new ChunkIndexer(arena, rows, readers, indexes);
    ChunkSizes sizes = new ChunkSizes(arena, this::bytesBefore);
    ChunkSearch search = new ChunkSearch(rows);
    ChainLinks links = new ChainLinks(arena, rows, readers, indexer);
    ChunkFinder finder = new ChunkFinder(arena, rows, indexer, links);
    this.inlineRows = new InlineRows(arena, rows, sizes, readers, counts, links);
    ChunkEditor editor =
        new ChunkEditor(arena, rows, search, readers, indexes, indexer, links, finder);
    this.removal =
        new RowRemoval(
            arena,
            rows,
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
            rows,
            sizes,
            search,
            readers,
            counts,
            indexer,
            links,
            finder,
            inlineRows,
            editor);
    this.tidying =
        new Tidying(arena, nodes, new ChainMover(arena, rows, readers, indexes, links, inlineRows));
    this.times = index == WindowIndex.KEY_AND_TIME ? new TimeIndex(arena, first, last) : null;
  }

  /**
   * An empty window for a {@linkplain #copyLive copy} of another one.
   *
   * @param baseVersion the version of the store now
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  public static MemtableWindow forCopyOf(
      MemtableWindow from, long baseVersion, MemoryAccount pool) {
    // Where keys come and go as many come again until the next copy, and a table that is too small
    // has to grow several times; where they only go, twice what is left is not much.
    int expectedKeys = (int) Math.min(from.nodes.size(), 2L * from.rowCount());
    return new MemtableWindow(
        from.first,
        from.last,
        baseVersion,
        from.nodes.keyGroups(),
        from.times == null ? WindowIndex.KEY : WindowIndex.KEY_AND_TIME,
        pool,
        null,
        expectedKeys);
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
    long pairs = indexed == null ? 0 : (long) indexed.size() - rowCount();
    long free = Math.max(0, arena.bytes() - arena.liveBytes() - arena.room());
    return free + readers.waitingBytes() + pairs * TimeIndex.PAIR_BYTES;
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
    return times != null;
  }

  /** Whether a tombstone was ever written here. */
  public boolean hasTombstones() {
    return tombstones;
  }

  /**
   * Marks this window as no longer written. It stops giving size hints, because its memory may be
   * freed.
   */
  public void endWrites() {
    writesEnded = true;
    predecessor = null;
  }

  /**
   * Adds a row of a multimap.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   */
  public void append(Key key, PendingRow row, WriteMoment now) {
    begin(now);
    int hash = nodes.hash(key);
    int node = nodes.find(key, hash);
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
    int node = times == null ? nodes.find(key) : Arena.NONE;
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
    int node = nodes.find(key, hash);
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
      tombstones = true;
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
    tombstones = true;
  }

  /**
   * Copies what a new reader sees of another window, of the same partition window, into this empty
   * one, but for entries at deleted timestamps.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; this window is then
   *     useless
   */
  public void copyLive(MemtableWindow from, LongPredicate deleted) {
    indexer.orderAs(from.indexer);
    ReadAhead ahead = from.readAhead(ChunkFormat.MAX_VERSION, first, last);
    long[] all = Sighting.anywhere(from.nodes.references());
    Keys keys = from.new Keys(all, ChunkFormat.MAX_VERSION, ahead, Direction.FORWARD);
    Key key = new Key();
    PendingRow row = new PendingRow();
    WriteMoment unseen = new WriteMoment().atVersion(baseVersion);
    byte[] bytes = new byte[64];
    while (keys.advance()) {
      if (from.inlineRows.isEmpty(keys.node())) {
        continue;
      }
      int length = keys.keyLength();
      if (bytes.length < length) {
        bytes = new byte[length * 2];
      }
      keys.keyBuffer().get(keys.keyOffset(), bytes, 0, length);
      key.set(bytes, 0, length, 0);
      if (from.inlineRows.isInlineOnly(keys.node())) {
        copyNode(from, keys.node(), key, deleted);
        continue;
      }
      RowCursor rowsOfKey = keys.rows(first, last);
      while (rowsOfKey.advance()) {
        if (rowsOfKey.isTombstone() || !deleted.test(rowsOfKey.timestamp())) {
          append(key, row.copyOf(rowsOfKey), unseen);
        }
      }
    }
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.sort();
    }
    tombstones = from.tombstones;
  }

  /** Copies a node with its inline row, which is laid out here as it is there. */
  private void copyNode(MemtableWindow from, int node, Key key, LongPredicate deleted) {
    ByteBuffer source = from.arena.buffer(node);
    int start = Arena.offset(node);
    int row = ChunkFormat.inlineRow(source, start);
    long timestamp = rows.timestamp(source, row);
    if (deleted.test(timestamp) && !rows.isTombstone(source, row)) {
      return;
    }
    int bytes = row - start + rows.rowBytesAt(source, row);
    makeRoomInTime();
    boolean apart = nodes.makeRoom(key);
    int copy = arena.allocate(bytes);
    ByteBuffer buffer = arena.buffer(copy);
    buffer.put(Arena.offset(copy), source, start, bytes);
    ChunkFormat.initNode(buffer, Arena.offset(copy), relative(baseVersion));
    nodes.insert(key, copy, apart);
    counts.addInline(rows.isTombstone(source, row));
    extremes.note(nodes.hash(key), timestamp);
    TimeIndex indexed = times;
    if (indexed != null) {
      indexed.add(copy, timestamp, counts.offsetWritten());
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
   * At most what {@link #removeRange}, followed by {@link #appendRangeTombstone} if there is a
   * tombstone, asks the budget for.
   */
  public long bytesToRemove(
      Key key, long from, long to, @Nullable PendingRow tombstone, WriteMoment now) {
    int node = nodes.find(key);
    if (node == Arena.NONE) {
      return tombstone == null
          ? 0
          : nodes.bytesForOneMore(key)
              + arena.bytesFor(
                  InlineRows.bytesForNode(key, tombstone, bytesBefore(key)) + bytesForTime());
    }
    begin(now);
    long blocks = removal.bytesToRemove(node, from, to);
    if (tombstone == null) {
      return arena.bytesFor(blocks);
    }
    blocks += chains.bytesToInsert(node, key, tombstone) + bytesForTime();
    return arena.bytesFor(blocks) + indexer.bytesToInsert(node);
  }

  /**
   * At most what adding rows of one key and timestamp asks the budget for.
   *
   * @param row one of them
   * @param rowBytes what all of them take, see {@link #bytesOfRow}
   */
  public long bytesToAdd(Key key, PendingRow row, int rowCount, long rowBytes, WriteMoment now) {
    begin(now);
    int node = nodes.find(key);
    long first =
        node == Arena.NONE
            ? InlineRows.bytesForNode(key, row, bytesBefore(key))
            : chains.bytesToInsert(node, key, row);
    return (node == Arena.NONE ? nodes.bytesForOneMore(key) : indexer.bytesToInsert(node))
        + arena.bytesFor(
            first
                + ROWS_BETWEEN_FACTOR * rowBytes
                + (times == null ? 0 : TimeIndex.bytesForMore(rowCount)));
  }

  /** At most what adding rows to a window that has just been begun asks the budget for. */
  public static long bytesToGrow(
      MemoryAccount pool, WindowIndex index, int rowCount, long rowBytes) {
    long indexed = index == WindowIndex.KEY_AND_TIME ? TimeIndex.bytesForMore(rowCount) : 0;
    return Arena.bytesForNew(pool, ROWS_BETWEEN_FACTOR * rowBytes + indexed) * SLAB_GROWTH_FACTOR;
  }

  /** At most what one of many rows takes that go between others. */
  public static long bytesOfRow(int payloadLength) {
    return (long) RowCodec.MAX_HEAD_BYTES + payloadLength;
  }

  private long bytesForTime() {
    TimeIndex indexed = times;
    return indexed == null ? 0 : indexed.bytesForOneMore();
  }

  /** At most what a new window with one row asks the budget for. */
  public static long bytesForNew(
      MemoryAccount pool,
      @Nullable MemtableWindow predecessor,
      WindowIndex index,
      Key key,
      PendingRow row) {
    return KeyTable.bytesForNew(predecessor == null ? 0 : predecessor.nodes.size())
        + Arena.bytesForNew(
            pool,
            InlineRows.bytesForNode(key, row, predecessor == null ? 0 : predecessor.hintFor(key))
                + (index == WindowIndex.KEY_AND_TIME ? TimeIndex.bytesForNew() : 0));
  }

  private int relative(long version) {
    return ChunkFormat.relativeVersion(version, baseVersion);
  }

  /** About what the rows of a key took in the window before this one; 0 if that tells nothing. */
  private int bytesBefore(Key key) {
    MemtableWindow before = predecessor;
    if (before != null && before.writesEnded) {
      predecessor = null;
      return 0;
    }
    return before == null ? 0 : before.hintFor(key);
  }

  /** About what the rows of a key take here; 0 if keys have few. */
  private int hintFor(Key key) {
    if (writesEnded || rowCount() < (long) keyCount() * HINT_MIN_ROWS_PER_KEY) {
      return 0;
    }
    int node = nodes.find(key);
    return node == Arena.NONE ? 0 : chains.chainBytes(node);
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

  /**
   * Loads the slot where the search for a hash starts; first of four steps that bring into cache
   * what a scan needs of a window. A scan of many windows takes each step for all of them, so that
   * their cache misses are waited for together and not one after the other. Returns something of
   * it.
   */
  public long touchSlot(Key key) {
    return nodes.touchSlot(key);
  }

  /**
   * The first node whose key has the hash of this one; {@link #ABSENT} if the key is not here.
   *
   * @return what to give to {@link #touchNode}
   */
  public int firstOfHash(Key key) {
    return nodes.firstOfHash(key);
  }

  /** Loads the node; returns what to give to {@link #touchChunk}. */
  public int touchNode(int node) {
    return node == ABSENT ? ABSENT : ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
  }

  /**
   * Loads the head and the first lines of the newest chunk, after which the processor fetches ahead
   * by itself until the end of the page; so one line of the page after it, too. Returns something
   * of them.
   */
  public int touchChunk(int chunk) {
    if (chunk == ABSENT) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunk);
    int start = Arena.offset(chunk);
    int last = buffer.capacity() - 1;
    int sum = 0;
    for (int line = start; line <= start + 3 * CACHE_LINE_BYTES; line += CACHE_LINE_BYTES) {
      sum += buffer.get(Math.min(line, last));
    }
    return sum + buffer.get(Math.min(start + OS_PAGE_BYTES, last));
  }

  @Override
  public @Nullable RowCursor find(Key key, long version, long from, long to, Direction direction) {
    int node = nodes.find(key);
    return node == Arena.NONE ? null : open(node, version, from, to, direction);
  }

  /** {@inheritDoc} Begins just behind the place. */
  @Override
  public @Nullable RowCursor findBehind(Key key, long version, long from, Span subkey, long to) {
    int node = nodes.find(key);
    return node == Arena.NONE
        ? null
        : ChainCursor.forward(arena, rows, indexes)
            .expectTombstones(tombstones)
            .openBehind(node, relative(version), from, subkey, to);
  }

  private RowCursor open(int node, long version, long from, long to, Direction direction) {
    ChainCursor cursor =
        direction == Direction.FORWARD
            ? ChainCursor.forward(arena, rows, indexes)
            : ChainCursor.backward(arena, rows, indexes);
    return cursor.expectTombstones(tombstones).open(node, relative(version), from, to);
  }

  /**
   * The value of a map at a key, timestamp and subkey, or null, in a window without tombstones. As
   * {@link #find} and a few steps, but much cheaper where a key has one row, as it mostly has in
   * state without time.
   */
  public byte @Nullable [] get(Key key, long version, long timestamp, Span subkey) {
    int node = nodes.find(key);
    if (node == Arena.NONE) {
      return null;
    }
    long place = locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? null : chainReader.value(place);
  }

  /**
   * As {@link #get}, into a target; allocates nothing.
   *
   * @param into null if only the length is asked for
   * @return the length of the value; -1 if there is none
   */
  public int read(Key key, long version, long timestamp, Span subkey, @Nullable ByteTarget into) {
    int node = nodes.find(key);
    long place =
        node == Arena.NONE ? ChainReader.NOWHERE : locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? -1 : chainReader.read(place, into);
  }

  private long locate(int node, long version, long timestamp, Span subkey) {
    return inlineRows.isInlineOnly(node)
        ? chainReader.findInline(node, relative(version), timestamp, subkey)
        : chainReader.find(node, relative(version), timestamp, subkey);
  }

  /**
   * {@inheritDoc} Takes a number of steps that grows with the logarithm of the entries of the key.
   */
  @Override
  public @Nullable RowCursor findEntry(Key key, long version, long timestamp, Span subkey) {
    int node = nodes.find(key);
    if (node == Arena.NONE) {
      return null;
    }
    long place = locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? null : chainReader.row(place);
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long from, long to, Direction direction) {
    ReadAhead ahead = readAhead(relative(version), from, to);
    long[] found = sightings(Math.max(from, first), Math.min(to, last), firstGroup, lastGroup);
    ahead.touchKeys(found);
    return new Keys(sorted(found, firstGroup, lastGroup), relative(version), ahead, direction);
  }

  /**
   * {@inheritDoc} Two probes if the oldest, or newest, timestamp that the window was ever given is
   * asked for and still there; else all keys are opened, unsorted.
   */
  @Override
  public OptionalLong firstTimestamp(long version, long from, long to, Direction direction) {
    boolean forward = direction == Direction.FORWARD;
    long extreme = forward ? extremes.oldest() : extremes.newest();
    int hash = forward ? extremes.oldestHash() : extremes.newestHash();
    if (from <= extreme && extreme <= to && hasRowAt(hash, version, extreme)) {
      return OptionalLong.of(extreme);
    }
    ReadAhead ahead = readAhead(relative(version), from, to);
    long[] found = sightings(Math.max(from, first), Math.min(to, last), 0, Integer.MAX_VALUE);
    for (int i = 0; i < found.length; i++) {
      // A hint where the row is holds only for a key that was found once, which is not known here.
      found[i] = Sighting.of(Sighting.node(found[i]), Sighting.ANYWHERE);
    }
    Keys keys = new Keys(found, relative(version), ahead, Direction.FORWARD);
    boolean any = false;
    long best = 0;
    while (keys.advance()) {
      RowCursor row = keys.rows(from, to, direction);
      if (row.advance() && (!any || direction.step() * Long.compare(row.timestamp(), best) < 0)) {
        any = true;
        best = row.timestamp();
      }
    }
    return any ? OptionalLong.of(best) : OptionalLong.empty();
  }

  private boolean hasRowAt(int hash, long version, long timestamp) {
    int node = nodes.firstOfHash(hash);
    while (node != Arena.NONE) {
      if (open(node, version, timestamp, timestamp, Direction.FORWARD).advance()) {
        return true;
      }
      node = nodes.nextOfHash(hash, node);
    }
    return false;
  }

  private ReadAhead readAhead(int version, long from, long to) {
    return new ReadAhead(arena, rows, version, rows.isNarrow() && !tombstones, from, to);
  }

  private long[] sorted(long[] found, int firstGroup, int lastGroup) {
    int kept = found.length;
    if (firstGroup > 0 || lastGroup < Integer.MAX_VALUE) {
      kept = 0;
      for (long sighting : found) {
        int group = nodes.group(Sighting.node(sighting));
        if (firstGroup <= group && group <= lastGroup) {
          found[kept++] = sighting;
        }
      }
    }
    return distinct(new KeySorter(nodes).sort(found, kept));
  }

  private long[] sightings(long from, long to, int firstGroup, int lastGroup) {
    TimeIndex indexed = times;
    if (indexed != null && (from > first || to < last)) {
      long @Nullable [] found = from > to ? new long[0] : indexed.sightings(from, to, nodes.size());
      if (found != null) {
        return found;
      }
    }
    return Sighting.anywhere(nodes.references(firstGroup, lastGroup));
  }

  /** A node that got several rows in a range was found as many times; they may be anywhere. */
  private static long[] distinct(long[] sorted) {
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      int node = Sighting.node(sorted[i]);
      if (kept > 0 && node == Sighting.node(sorted[kept - 1])) {
        sorted[kept - 1] = Sighting.of(node, Sighting.ANYWHERE);
      } else {
        sorted[kept++] = sorted[i];
      }
    }
    return kept == sorted.length ? sorted : Arrays.copyOf(sorted, kept);
  }

  /** Walks sorted nodes in either direction. */
  private final class Keys extends KeyCursor {
    private final long[] sightings;
    private final int version;
    private final int step;
    private final ReadAhead ahead;
    private final ChainCursor forward =
        ChainCursor.forward(arena, rows, indexes).expectTombstones(tombstones);
    private final ChainCursor backward =
        ChainCursor.backward(arena, rows, indexes).expectTombstones(tombstones);
    private int index;

    /** Which of the keys of the present batch the cursor is at. */
    private int batched = ReadAhead.NODES - 1;

    Keys(long[] sightings, int version, ReadAhead ahead, Direction direction) {
      this.sightings = sightings;
      this.version = version;
      this.step = direction.step();
      this.ahead = ahead;
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

  /** Gives the memory back. Called once, when no view holds the window any more. */
  public void free() {
    arena.close();
    nodes.close();
    indexes.close();
    readers.close();
  }
}
