package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what a window holds in vain, a little at a time: slabs of which little is in use, and
 * the nodes and slots of keys without rows.
 *
 * <p>Not thread-safe: called by the writer of the store, inside one operation.
 */
final class Tidying {
  /*
   * A pass closes the sparsest slabs and then walks over all keys; what lies in a closed slab is copied to another
   * place, most of it into blocks that are free in other slabs. A slab without blocks in use goes back to the
   * pool at once. Blocks have no links to what refers to them, so all keys are visited; in return a
   * pass is only begun when it can free a fixed part of the window, which makes its cost for each byte
   * that was freed by writes a constant. (It is the cleaning of a log-structured memory: Rumble and
   * others, "Log-structured Memory for DRAM-based Storage", FAST 2014.)
   */

  private static final long MIN_FREE_BYTES = 64 << 10;
  private static final long MIN_FREE_BYTES_WHEN_SHORT = 8 << 10;

  /** A pass begins when this part of the window is free. */
  private static final int FREE_PART = 4;

  /** A pass moves this part of the window at most. */
  private static final int MOVED_PART = 8;

  /**
   * After a pass that gained less than this part, so much more must become free before the next.
   */
  private static final int PROGRESS_PART = 16;

  /** For this part of a window its index by time is given up, when memory is short. */
  private static final int INDEX_PART = 8;

  private static final long MIN_KEY_BYTES = 128 << 10;

  /** Bytes whose copying costs about as much as to look at a slot or a chunk. */
  private static final int BYTES_PER_STEP = 64;

  private final Arena arena;
  private final KeyNodes keys;
  private final ChainMover mover;
  private KeyTable.@Nullable Walk walk;
  private long heldBefore;
  private long freeBefore;

  /** What was free when the last pass began and is still, if it gained little. */
  private long freeAfter;

  private int keysAfter;

  /** What was in use when all chunks had just been cut off behind their rows. */
  private long liveWhenCut;

  Tidying(Arena arena, KeyNodes keys, ChainMover mover) {
    this.arena = arena;
    this.keys = keys;
    this.mover = mover;
  }

  /** Whether a pass has begun or should begin. If not, the arena says when to look again. */
  boolean isDue(int rowCount) {
    if (walk != null || hasFreeBytes() || hasKeysWithoutRows(rowCount)) {
      return true;
    }
    arena.watch(liveBytesWhenDue());
    return false;
  }

  /** Below so many bytes in use, a part of the present window is free that is worth a pass. */
  private long liveBytesWhenDue() {
    long held = arena.bytes();
    long free = Math.max(MIN_FREE_BYTES, held / FREE_PART);
    return held - Math.max(free, freeAfter + held / PROGRESS_PART) - arena.uncutBytes();
  }

  private boolean hasFreeBytes() {
    return hasFreeBytes(MIN_FREE_BYTES, FREE_PART);
  }

  private boolean hasFreeBytes(long leastBytes, int part) {
    long held = arena.bytes();
    long free = arena.freeBytes();
    freeAfter = Math.min(freeAfter, free);
    return free > leastBytes && free > held / part && free > freeAfter + held / PROGRESS_PART;
  }

  private boolean hasKeysWithoutRows(int rowCount) {
    int count = keys.size();
    return rowCount < count / 2
        && count > keysAfter + keysAfter / PROGRESS_PART
        && arena.bytes() + keys.bytes() > MIN_KEY_BYTES;
  }

  /** As {@link #isDue}, for when memory is short and every part that can be freed counts. */
  boolean isDueWhenShort(int rowCount) {
    int count = keys.size();
    return walk != null
        || hasFreeBytes(MIN_FREE_BYTES_WHEN_SHORT, PROGRESS_PART)
        || (rowCount < count - count / PROGRESS_PART
            && count > keysAfter + keysAfter / PROGRESS_PART);
  }

  /** Whether memory is so short of, and so much to be had here, that it is worth an index. */
  boolean isWorthAnIndex(int rowCount) {
    return hasFreeBytes(MIN_FREE_BYTES_WHEN_SHORT, INDEX_PART) || hasKeysWithoutRows(rowCount);
  }

  /**
   * Goes on with the pass, or begins one.
   *
   * @param effort how many key slots and chunks are looked at, or sixty-four bytes copied; exceeded
   *     by no more than the chunks of one key, and the keys of a hash that too many have
   * @return whether there is more to do
   */
  boolean step(int effort) {
    KeyTable.Walk current = walk;
    if (current == null) {
      heldBefore = arena.bytes();
      freeBefore = arena.freeBytes();
      arena.closeSparse(heldBefore / MOVED_PART);
      current = keys.walk();
      walk = current;
    }
    mover.begin();
    long mostBytes = (long) effort * BYTES_PER_STEP;
    for (int met = 0; met + mover.chunksSeen() + mover.bytesMoved() / BYTES_PER_STEP < effort; ) {
      if (!moveNext(current, mostBytes)) {
        end();
        return false;
      }
      met++;
    }
    // Goes on with the next block that becomes free, if not before.
    arena.watch(arena.liveBytes());
    return true;
  }

  /**
   * For when memory is short: passes that cut off what is not used of chunks, and move no more than
   * surely fits into what memory there is, so that each gives back more than it took; until what is
   * left is not worth another one. A pass that was under way is given up.
   */
  void packWhenShort() {
    boolean due = arena.liveBytes() > liveWhenCut + arena.bytes() / PROGRESS_PART;
    while (arena.closeWhatSurelyFits(arena.bytes() / PROGRESS_PART) || due) {
      long before = arena.bytes();
      walk = null;
      mover.beginCuttingOff();
      moveAll(keys.walk());
      liveWhenCut = arena.liveBytes();
      due = false;
      if (arena.bytes() >= before) {
        return;
      }
    }
  }

  private void moveAll(KeyTable.Walk pass) {
    boolean more = true;
    while (more) {
      more = moveNext(pass, Long.MAX_VALUE);
    }
  }

  /**
   * Moves what the next key of a pass has in closed slabs; at the end of it, the keys of hashes
   * that too many have.
   *
   * @param mostBytes how many the pass moves before the key is left to the next step
   * @return whether there was another key
   */
  private boolean moveNext(KeyTable.Walk pass, long mostBytes) {
    if (!pass.advance()) {
      keys.colliding().moveAll(node -> mover.move(node, Long.MAX_VALUE));
      return false;
    }
    int node = pass.node();
    int moved = mover.move(node, mostBytes);
    if (moved == Arena.NONE) {
      pass.remove();
      return true;
    }
    if (moved != node) {
      pass.move(moved);
    }
    if (mover.bytesMoved() > mostBytes) {
      pass.repeat();
    }
    return true;
  }

  private void end() {
    walk = null;
    boolean gained = heldBefore - arena.bytes() > heldBefore / PROGRESS_PART;
    freeAfter = gained ? 0 : Math.min(freeBefore, arena.freeBytes());
    keysAfter = keys.size();
    arena.watch(liveBytesWhenDue());
  }
}
