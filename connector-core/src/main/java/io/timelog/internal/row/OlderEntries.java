package io.timelog.internal.row;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds out whether older sources of a map have an older value of an entry, which would come back
 * if the entry went without a trace. Not thread-safe.
 */
public final class OlderEntries {
  private final List<RowSource> older;
  private final Span subkey = new Span();
  private final ReadScope scope = new ReadScope();

  /** For entries of a source that has these below it. */
  public OlderEntries(List<RowSource> older) {
    this.older = List.copyOf(older);
  }

  /** Whether an older source has a row for the place of an entry of a key, hidden or not. */
  public boolean include(Key key, RowCursor entry) {
    if (older.isEmpty()) {
      return false;
    }
    subkey.set(subkeyOf(entry));
    try (scope) {
      for (RowSource source : older) {
        if (source.within(scope).findEntry(key, scope.version(), entry.timestamp(), subkey)
            != null) {
          return true;
        }
      }
      return false;
    }
  }

  private static byte[] subkeyOf(RowCursor entry) {
    ByteBuffer payload = entry.payload();
    int length = RowFormat.getVarint(payload, entry.payloadOffset());
    return ByteCopy.read(payload, entry.payloadOffset() + RowFormat.varintSize(length), length);
  }
}
