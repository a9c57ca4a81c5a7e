package io.timelog.internal.row;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds tombstones of one source that hide nothing any more, because older sources were rewritten
 * without what they hid. Not thread-safe.
 */
public final class UnneededTombstones {
  private final List<RowSource> older;
  private final Span subkey = new Span();
  private final ReadScope scope = new ReadScope();

  /** For a source that has these below it. */
  public UnneededTombstones(List<RowSource> older) {
    this.older = List.copyOf(older);
  }

  /** Whether no older source has a row that a tombstone of a key hides. */
  public boolean include(Key key, RowCursor tombstone) {
    boolean isRange = tombstone.isRangeTombstone();
    if (!isRange) {
      subkey.set(subkeyOf(tombstone));
    }
    long first = tombstone.timestamp();
    try (scope) {
      for (RowSource source : older) {
        boolean hidesAny =
            isRange
                ? source.hasRows(key, scope.version(), first, tombstone.rangeLast())
                : source.within(scope).findEntry(key, scope.version(), first, subkey) != null;
        if (hidesAny) {
          return false;
        }
      }
      return true;
    }
  }

  private static byte[] subkeyOf(RowCursor tombstone) {
    ByteBuffer payload = tombstone.payload();
    int start = tombstone.payloadOffset() + RowFormat.KIND_BYTES;
    int length = RowFormat.getVarint(payload, start);
    return ByteCopy.read(payload, start + RowFormat.varintSize(length), length);
  }
}
