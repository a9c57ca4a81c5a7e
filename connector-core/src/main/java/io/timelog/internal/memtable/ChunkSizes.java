package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import java.util.function.ToIntFunction;

/**
 * How much room the chunks of a window get. A chunk that is too small makes a scan follow one more
 * link, which is a cache miss; what is left empty of one that is too large is memory for nothing.
 *
 * <p>Not thread-safe: for the writer.
 */
final class ChunkSizes {
  /**
   * Rows of a chunk take at most this many bytes, unless one row alone is larger. It bounds what an
   * insertion moves, and what is walked where rows differ in size.
   */
  static final int MAX_BYTES = 8192;

  /**
   * The same for rows of one size that were written in order: a scan then reads long stretches of
   * memory, and few links between them. Less where slabs are small, since a chunk with a slab of
   * its own cannot give a part of it back.
   */
  static final int MAX_LIKE_BYTES = Arena.MAX_SHARED_BLOCK_BYTES - Chunk.ROWS;

  /** Chunks below this size are replaced by larger ones when full, those above are split. */
  static final int MIN_SPLIT_BYTES = 1024;

  static final int FIRST_ROWS = 3;

  /** The smallest chunk that is worth replacing by a smaller one. */
  static final int MIN_SHRINK_BYTES = 256;

  /** The part of a chunk that is left free when it is split. */
  private static final int SPARE_PART = 4;

  /** The same near the bound. */
  private static final int SPARE_PART_WHEN_SHORT = 16;

  /** The same where it must cost least: for tombstones, and to remove a row. */
  static final int LEAST_SPARE_PART = 64;

  /** Room that costs little even near the bound: about what a chunk takes beside its rows. */
  private static final int FEW_BYTES = 64;

  private static final int HEADROOM_DIVISOR = 24;

  /** A key that is expected to get so many rows gets its first chunk together with its node. */
  private static final int MANY_ROWS = 4;

  private final Arena arena;
  private final int maxLikeBytes;
  private final ToIntFunction<Key> bytesBefore;

  /**
   * For the chunks in an arena.
   *
   * @param bytesBefore what the rows of a key took in the window before, or 0
   */
  ChunkSizes(Arena arena, ToIntFunction<Key> bytesBefore) {
    this.arena = arena;
    this.maxLikeBytes = arena.maxSharedBlockBytes() - Chunk.ROWS;
    this.bytesBefore = bytesBefore;
  }

  /** What the rows of a key took in the window before, or 0. */
  int before(Key key) {
    return bytesBefore.applyAsInt(key);
  }

  /** The most that a chunk gets because of what its key took in the window before. */
  static int expected(int keyBefore) {
    return Math.min(withMargin(keyBefore), MAX_LIKE_BYTES);
  }

  /**
   * The chunk of a new key, in one block with its node; 0 if the key has to show first that it
   * needs one.
   *
   * @param nodeBytes what the node takes, a multiple of 8
   * @param rowBytes the size of the row that comes
   */
  int withNode(Key key, int nodeBytes, int rowBytes) {
    int wanted = Math.min(expected(before(key)), maxLikeBytes - nodeBytes);
    if (wanted < (long) MANY_ROWS * rowBytes) {
      return 0;
    }
    return withoutWaste(wanted, rowBytes, room() - nodeBytes) & -8;
  }

  /**
   * The first chunk of a key, which takes over the inline row and gets another one.
   *
   * @param keyBefore what the rows of the key took in the window before, or 0
   */
  int first(int keyBefore, int inlineBytes, int nextRowBytes) {
    int wanted = Math.max(withMargin(keyBefore), firstRows(nextRowBytes));
    int least = inlineBytes + nextRowBytes;
    return withoutWaste(
        Math.max(Math.min(wanted, most(inlineBytes, nextRowBytes)), least), least, room());
  }

  /**
   * The next chunk of a chain.
   *
   * @param chain what its chunks have now
   * @param stride the size of every row of its newest chunk, or 0 if they differ
   * @param rowBytes the size of the row that comes
   */
  int next(int chain, Key key, int stride, int rowBytes) {
    return forRows(wantedNext(chain, key), stride, rowBytes);
  }

  /**
   * As {@link #next}, behind a chunk that readers see: the next reader may come soon, so there is
   * room for as many rows as came between readers, as often as rows may be added to a frozen chunk.
   *
   * @param added bytes added since the first reader, in {@code times} times
   */
  int nextBehindFrozen(int chain, int added, int times, int stride, int rowBytes) {
    long expected =
        times == 0
            ? MIN_SPLIT_BYTES
            : (long) Chunk.MAX_STAMPS * (added / times + Chunk.STAMP_BYTES);
    return forRows(
        (int) Math.min(expected, Math.max(chain / 4, MIN_SPLIT_BYTES)), stride, rowBytes);
  }

  private int forRows(int wanted, int stride, int rowBytes) {
    int some = Math.max(wanted, firstRows(rowBytes));
    return withoutWaste(
        Math.max(Math.min(some, most(stride, rowBytes)), rowBytes), rowBytes, room());
  }

  /** What is left for a chunk in the present slab. */
  private int room() {
    return arena.room() - Chunk.ROWS;
  }

  private int most(int stride, int rowBytes) {
    return most(stride == rowBytes);
  }

  /**
   * The most that the rows of a chunk take, unless it has one only.
   *
   * @param alike whether they have one size and came in order
   */
  int most(boolean alike) {
    return alike ? maxLikeBytes : Math.min(MAX_BYTES, maxLikeBytes);
  }

  /**
   * How much room a chain should get next. The window before is asked only where much can be
   * gained: to find a key there costs more than to add a row here.
   */
  private int wantedNext(int chain, Key key) {
    if (arena.isMemoryShort()) {
      return Math.min(chain / 8, MAX_BYTES);
    }
    if (chain < MAX_BYTES) {
      return chain / 4;
    }
    int before = before(key);
    if (chain < before) {
      return withMargin(before) - chain;
    }
    // A key that gets more rows than in the window before mostly gets a few more.
    return chain / 2 < before ? chain / 8 : chain / 4;
  }

  /**
   * Less than is wanted, but at least what is needed, where that makes use of the rest of a slab.
   */
  private static int withoutWaste(int wanted, int least, int room) {
    return room < wanted && room >= Math.max(least, Math.max(wanted / 4, MIN_SPLIT_BYTES))
        ? room
        : wanted;
  }

  /** A chunk for a copy of so many bytes of rows, with room for more. */
  int ofCopy(int bytes) {
    int more = arena.isMemoryShort() ? bytes / SPARE_PART_WHEN_SHORT : bytes / 2;
    return Math.max(bytes, Math.min(bytes + more, MAX_BYTES));
  }

  /** A chunk for a row that comes between two others. */
  int ofRow(int rowBytes) {
    return rowBytes >= MIN_SPLIT_BYTES ? rowBytes : firstRows(rowBytes);
  }

  /** The part of a chunk that is left free when it is split. */
  int sparePart() {
    return arena.isMemoryShort() ? SPARE_PART_WHEN_SHORT : SPARE_PART;
  }

  /** Near the bound memory is worth more than to follow fewer links. */
  private int firstRows(int rowBytes) {
    int several = FIRST_ROWS * rowBytes;
    return arena.isMemoryShort() ? Math.max(rowBytes, Math.min(several, FEW_BYTES)) : several;
  }

  /** What rows in order leave free of a full-grown chunk, for the stragglers among them. */
  static int headroom(int capacity) {
    return capacity >= MIN_SPLIT_BYTES ? capacity / HEADROOM_DIVISOR : 0;
  }

  private static int withMargin(int bytes) {
    return saturatedAdd(bytes, bytes / 16);
  }

  static int saturatedAdd(int left, int right) {
    int sum = left + right;
    return sum < 0 ? Integer.MAX_VALUE : sum;
  }
}
