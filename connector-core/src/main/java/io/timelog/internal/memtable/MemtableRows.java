package io.timelog.internal.memtable;

import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one {@link MemtableWindow} as readers see them.
 *
 * <p>For any number of threads, while another one writes. A reader sees what its version sees, and
 * holds the window meanwhile.
 */
public final class MemtableRows implements RowSource {
  /** Says that a window has no key of a hash. */
  public static final int ABSENT = Arena.NONE;

  private static final int CACHE_LINE_BYTES = 64;
  private static final int OS_PAGE_BYTES = 4096;

  private final long baseVersion;
  private final Arena arena;
  private final KeyNodes nodes;
  private final RowCodec rows;
  private final ChunkIndexes indexes;
  private final ChainReader chains;
  private final KeySearch search;
  private final TimeExtremes extremes;

  /** Made when first needed. */
  private @Nullable ChainCursor ofWriter;

  private volatile boolean tombstones;
  private volatile long rangeReach = RangeReach.NO_RANGES;

  MemtableRows(
      long baseVersion,
      Arena arena,
      KeyNodes nodes,
      RowCodec rows,
      ChunkIndexes indexes,
      @Nullable TimeIndex times,
      TimeExtremes extremes) {
    this.baseVersion = baseVersion;
    this.arena = arena;
    this.nodes = nodes;
    this.rows = rows;
    this.indexes = indexes;
    this.chains = new ChainReader(arena, rows, indexes);
    this.search = new KeySearch(nodes, times, rows.origin(), rows.windowLast());
    this.extremes = extremes;
  }

  /** Whether a tombstone was ever written here. */
  public boolean hasTombstones() {
    return tombstones;
  }

  /** Whether a scan over a short range looks only at keys that got a row in it. */
  boolean findsByTime() {
    return search.findsByTime();
  }

  /** From now on scans find keys without their times. For the writer. */
  void forgetTimes() {
    search.forgetTimes();
  }

  /** How far range tombstones here reach; see {@link RangeReach}. */
  public long rangeReach() {
    return rangeReach;
  }

  /** From now on readers must expect tombstones. For the writer, before others see the first. */
  void expectTombstones() {
    tombstones = true;
  }

  /** There is no tombstone any more. For the writer, while there is no reader that sees one. */
  void expectNoTombstones() {
    rangeReach = RangeReach.NO_RANGES;
    tombstones = false;
  }

  /** As {@link #expectTombstones}, also for ranges that reach so far. For the writer. */
  void expectRanges(long reach) {
    if (reach > rangeReach) {
      rangeReach = reach;
    }
    tombstones = true;
  }

  private int relative(long version) {
    return Chunk.relativeVersion(version, baseVersion);
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
    return node == ABSENT ? ABSENT : tail(node);
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

  private int tail(int node) {
    return KeyNode.tail(arena.buffer(node), Arena.offset(node));
  }

  @Override
  public @Nullable RowCursor find(Key key, long version, long from, long to, Direction direction) {
    int node = nodes.find(key, nodes.hash(key));
    return node == Arena.NONE
        ? null
        : cursor(direction).open(node, relative(version), from, null, to);
  }

  /**
   * As {@link #find}, oldest first, in a cursor that serves one call after the other. For the
   * writer, who is done with the rows before the next call.
   *
   * @param subkey of an entry at {@code from} that is passed over with all before it; null if
   *     nothing is passed over
   */
  public @Nullable RowCursor findNow(
      Key key, long version, long from, @Nullable Span subkey, long to) {
    int node = nodes.find(key, nodes.hash(key));
    if (node == Arena.NONE) {
      return null;
    }
    ChainCursor cursor = ofWriter;
    if (cursor == null) {
      cursor = ChainCursor.forward(arena, rows, indexes);
      ofWriter = cursor;
    }
    return cursor.expectTombstones(tombstones).open(node, relative(version), from, subkey, to);
  }

  /** {@inheritDoc} Begins just behind the place. */
  @Override
  public @Nullable RowCursor findBehind(Key key, long version, long from, Span subkey, long to) {
    int node = nodes.find(key, nodes.hash(key));
    return node == Arena.NONE
        ? null
        : cursor(Direction.FORWARD).open(node, relative(version), from, subkey, to);
  }

  private RowCursor open(int node, long version, long from, long to, Direction direction) {
    return cursor(direction).open(node, relative(version), from, to);
  }

  private ChainCursor cursor(Direction direction) {
    ChainCursor cursor =
        direction == Direction.FORWARD
            ? ChainCursor.forward(arena, rows, indexes)
            : ChainCursor.backward(arena, rows, indexes);
    return cursor.expectTombstones(tombstones);
  }

  /**
   * The value of a map at a key, timestamp and subkey, or null, in a window without tombstones. As
   * {@link #find} and a few steps, but much cheaper where a key has one row, as it mostly has in
   * state without time.
   */
  public byte @Nullable [] get(Key key, long version, long timestamp, Span subkey) {
    int node = nodes.find(key, nodes.hash(key));
    if (node == Arena.NONE) {
      return null;
    }
    long place = locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? null : chains.value(place);
  }

  /**
   * As {@link #get}, into a target; allocates nothing.
   *
   * @param into null if only the length is asked for
   * @return the length of the value; -1 if there is none
   */
  public int read(Key key, long version, long timestamp, Span subkey, @Nullable ByteTarget into) {
    int node = nodes.find(key, nodes.hash(key));
    long place =
        node == Arena.NONE ? ChainReader.NOWHERE : locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? -1 : chains.read(place, into);
  }

  private long locate(int node, long version, long timestamp, Span subkey) {
    return tail(node) == Arena.NONE
        ? chains.findInline(node, relative(version), timestamp, subkey)
        : chains.find(node, relative(version), timestamp, subkey);
  }

  /**
   * {@inheritDoc} Takes a number of steps that grows with the logarithm of the entries of the key.
   */
  @Override
  public @Nullable RowCursor findEntry(Key key, long version, long timestamp, Span subkey) {
    int node = nodes.find(key, nodes.hash(key));
    if (node == Arena.NONE) {
      return null;
    }
    long place = locate(node, version, timestamp, subkey);
    return place == ChainReader.NOWHERE ? null : chains.row(place);
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long from, long to, Direction direction) {
    ReadAhead ahead = readAhead(relative(version), from, to);
    long[] found = search.find(from, to, firstGroup, lastGroup);
    ahead.touchKeys(found);
    return keys(search.sort(found, firstGroup, lastGroup), relative(version), ahead, direction);
  }

  /** All keys, in no order, with the rows that a reader sees who begins now. */
  NodeCursor unsortedKeys() {
    int newest = Chunk.MAX_VERSION;
    ReadAhead ahead = readAhead(newest, rows.origin(), rows.windowLast());
    long[] all = Sighting.anywhere(nodes.references());
    return keys(all, newest, ahead, Direction.FORWARD);
  }

  private NodeCursor keys(long[] sightings, int version, ReadAhead ahead, Direction direction) {
    return new NodeCursor(
        nodes,
        sightings,
        version,
        ahead,
        direction,
        cursor(Direction.FORWARD),
        cursor(Direction.BACKWARD));
  }

  private ReadAhead readAhead(int version, long from, long to) {
    return new ReadAhead(arena, rows, version, rows.isNarrow() && !tombstones, from, to);
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
    long[] found = search.find(from, to, 0, Integer.MAX_VALUE);
    for (int i = 0; i < found.length; i++) {
      // A hint where the row is holds only for a key that was found once, which is not known here.
      found[i] = Sighting.of(Sighting.node(found[i]), Sighting.ANYWHERE);
    }
    NodeCursor keys = keys(found, relative(version), ahead, Direction.FORWARD);
    OptionalLong best = OptionalLong.empty();
    long nearest = from;
    long farthest = to;
    while (keys.advance()) {
      RowCursor row = keys.rows(nearest, farthest, direction);
      if (row.advance()) {
        long timestamp = row.timestamp();
        best = OptionalLong.of(timestamp);
        if (timestamp == (forward ? nearest : farthest)) {
          return best;
        }
        nearest = forward ? nearest : timestamp + 1;
        farthest = forward ? timestamp - 1 : farthest;
      }
    }
    return best;
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
}
