package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * Copies what a new reader sees of a window into a new one, which is then free of garbage and of
 * what older readers hold back.
 *
 * <p>Not thread-safe: for the writer of the store, inside an operation.
 */
public final class WindowCopy {
  private final NodeCursor keys;
  private final RowCodec rows;
  private final MemtableWindow from;
  private final MemtableWindow copy;
  private final LongPredicate deleted;
  private final Key key = new Key();
  private final PendingRow row = new PendingRow();
  private final WriteMoment now;
  private byte[] keyBytes = new byte[64];

  private WindowCopy(MemtableWindow from, MemtableWindow copy, LongPredicate deleted) {
    this.from = from;
    this.copy = copy;
    this.deleted = deleted;
    this.keys = from.rows().unsortedKeys();
    this.rows = new RowCodec(from.first(), from.last());
    this.now = new WriteMoment().atVersion(copy.baseVersion());
  }

  /**
   * A copy without the entries at deleted timestamps; tombstones are kept.
   *
   * @param version the version of the store now
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   */
  public static MemtableWindow of(
      MemtableWindow from, long version, MemoryAccount pool, LongPredicate deleted) {
    MemtableWindow copy = MemtableWindow.forCopyOf(from, version, pool);
    try {
      new WindowCopy(from, copy, deleted).copyKeys();
      copy.endCopyOf(from);
      return copy;
    } catch (MemoryBudgetExceededException noRoom) {
      copy.free();
      throw noRoom;
    }
  }

  private void copyKeys() {
    while (keys.advance()) {
      int node = keys.node();
      if (from.inlineRows().isEmpty(node)) {
        continue;
      }
      readKey();
      if (from.inlineRows().isInlineOnly(node)) {
        copyNode(node);
      } else {
        copyRows();
      }
    }
  }

  private void readKey() {
    int length = keys.keyLength();
    if (keyBytes.length < length) {
      keyBytes = new byte[length * 2];
    }
    keys.keyBuffer().get(keys.keyOffset(), keyBytes, 0, length);
    key.set(keyBytes, 0, length, 0);
  }

  private void copyRows() {
    RowCursor rowsOfKey = keys.rows(from.first(), from.last());
    while (rowsOfKey.advance()) {
      if (rowsOfKey.isTombstone() || !deleted.test(rowsOfKey.timestamp())) {
        copy.append(key, row.copyOf(rowsOfKey), now);
      }
    }
  }

  /** Copies a node with its inline row, which is laid out in the copy as it is here. */
  private void copyNode(int node) {
    ByteBuffer buffer = keys.keyBuffer();
    int start = Arena.offset(node);
    int inline = KeyNode.inlineRow(buffer, start);
    long timestamp = rows.timestamp(buffer, inline);
    boolean tombstone = rows.isTombstone(buffer, inline);
    if (tombstone || !deleted.test(timestamp)) {
      int bytes = inline - start + rows.rowBytesAt(buffer, inline);
      copy.addNodeLike(buffer, start, bytes, key, timestamp, tombstone);
    }
  }
}
