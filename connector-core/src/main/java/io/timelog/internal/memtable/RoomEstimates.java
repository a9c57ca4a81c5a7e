package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.WindowIndex;
import org.jspecify.annotations.Nullable;

/**
 * At most how many bytes a write into a window asks the budget for, so that these can be set aside
 * before anything is written.
 *
 * <p>Not thread-safe: for the writer of the store, inside an operation.
 */
public final class RoomEstimates {
  private final Arena arena;
  private final KeyNodes nodes;
  private final SizeHints hints;
  private final ChainWriter chains;
  private final RowRemoval removal;
  private final ChunkIndexer indexer;
  private @Nullable TimeIndex times;

  RoomEstimates(
      Arena arena,
      KeyNodes nodes,
      SizeHints hints,
      ChainWriter chains,
      RowRemoval removal,
      ChunkIndexer indexer,
      @Nullable TimeIndex times) {
    this.arena = arena;
    this.nodes = nodes;
    this.hints = hints;
    this.chains = chains;
    this.removal = removal;
    this.indexer = indexer;
    this.times = times;
  }

  /** From now on rows are not entered in an index of time. */
  void forgetTimes() {
    times = null;
  }

  /** For a new window with one row. */
  public static long forNew(
      MemoryAccount pool,
      @Nullable MemtableWindow predecessor,
      WindowIndex index,
      Key key,
      PendingRow row) {
    SizeHints hints = predecessor == null ? null : predecessor.hints();
    int keys = hints == null ? 0 : hints.keys();
    return KeyTable.ownBytesForNew(keys)
        + Arena.bytesForNew(
            pool,
            KeyTable.sharedBytesForNew(keys)
                + InlineRows.bytesForNode(key, row, hints == null ? 0 : hints.bytes(key))
                + (index == WindowIndex.KEY_AND_TIME ? TimeIndex.bytesForNew() : 0));
  }

  /** See {@link MemtableWindow#bytesToRemove}. */
  long toRemove(Key key, long from, long to, @Nullable PendingRow tombstone) {
    int node = nodes.find(key);
    if (node == Arena.NONE) {
      return tombstone == null
          ? 0
          : nodes.ownBytesForOneMore(key)
              + arena.bytesFor(
                  nodes.sharedBytesForOneMore(key) + bytesForNode(key, tombstone) + bytesForTime());
    }
    long blocks = removal.bytesToRemove(node, from, to);
    if (tombstone == null) {
      return arena.bytesFor(blocks);
    }
    blocks += chains.bytesToInsertAfterRemoval(node, key, tombstone) + bytesForTime();
    return arena.bytesFor(blocks) + indexer.bytesToInsert(node);
  }

  private long bytesForNode(Key key, PendingRow row) {
    return InlineRows.bytesForNode(key, row, hints.bytesBefore(key));
  }

  private long bytesForTime() {
    TimeIndex indexed = times;
    return indexed == null ? 0 : indexed.bytesForOneMore();
  }
}
