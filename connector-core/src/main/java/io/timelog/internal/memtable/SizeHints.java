package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one window tells the next about the sizes to expect: how many keys, and about how many bytes
 * of rows for each.
 *
 * <p>Not thread-safe: for the writer.
 */
final class SizeHints {
  private static final int MIN_ROWS_PER_KEY = 4;

  private final Arena arena;
  private final KeyNodes nodes;
  private final RowCounts counts;
  private @Nullable SizeHints before;
  private boolean ended;

  /**
   * Hints of the window with these keys.
   *
   * @param before those of the window before it
   */
  SizeHints(Arena arena, KeyNodes nodes, RowCounts counts, @Nullable SizeHints before) {
    this.arena = arena;
    this.nodes = nodes;
    this.counts = counts;
    this.before = before;
  }

  /** The window gives no hints any more, because its memory may be freed, and takes none. */
  void end() {
    ended = true;
    before = null;
  }

  /** The hints of the window before this one, if they still tell something. */
  @Nullable SizeHints before() {
    return before;
  }

  /** About what the rows of a key took in the window before this one; 0 if that tells nothing. */
  int bytesBefore(Key key) {
    SizeHints hints = before;
    if (hints != null && hints.ended) {
      before = null;
      return 0;
    }
    return hints == null ? 0 : hints.bytes(key);
  }

  /** The number of keys here. */
  int keys() {
    return nodes.size();
  }

  /** About what the rows of a key take here; 0 if keys have few. */
  int bytes(Key key) {
    if (ended || counts.rows() < (long) nodes.size() * MIN_ROWS_PER_KEY) {
      return 0;
    }
    int node = nodes.find(key);
    return node == Arena.NONE ? 0 : chainBytes(node);
  }

  /** Looks at the newest chunk only. */
  private int chainBytes(int node) {
    int tail = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    if (tail == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    int free = Chunk.capacity(buffer, chunk) - Chunk.used(buffer, chunk);
    return Math.max(0, Chunk.chain(buffer, chunk) - free);
  }
}
