package io.timelog.internal.read;

import io.timelog.Cursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What all scans share: the lease, and the way from a row to the parts of an entry. Belongs to one
 * thread.
 */
abstract class ScanCursor implements Cursor {
  private static final byte[] NO_BYTES = new byte[0];
  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private enum State {
    OPEN,
    EXHAUSTED,
    CLOSED
  }

  private final ReadLease lease;
  private final Rule rule;
  private State state = State.OPEN;
  private @Nullable RowCursor row;
  private ByteBuffer viewOf = EMPTY;
  private ByteBuffer valueView = EMPTY;

  ScanCursor(ReadLease lease, Rule rule) {
    this.lease = lease;
    this.rule = rule;
  }

  /** The next cursor that has entries, standing on its first one; null if there is none. */
  abstract @Nullable RowCursor nextRows();

  @Override
  public final boolean advance() {
    // Kept this small so that it is inlined, and with it the step of the cursor below: that is what
    // a
    // scan does for nearly every entry.
    RowCursor at = row;
    return (at != null && at.advance()) || advanceToNextRows();
  }

  private boolean advanceToNextRows() {
    if (state == State.OPEN) {
      row = nextRows();
      if (row != null) {
        return true;
      }
      state = State.EXHAUSTED;
      letGo();
      return false;
    }
    if (state == State.CLOSED) {
      throw new IllegalStateException("The cursor is closed.");
    }
    return false;
  }

  /**
   * The cursor that stands on the current entry; only to be read.
   *
   * @throws IllegalStateException if there is no current entry
   */
  public final RowCursor row() {
    RowCursor at = row;
    if (at == null) {
      throw new IllegalStateException(
          state == State.OPEN
              ? "The cursor is not on an entry: call advance() first."
              : "The cursor is closed.");
    }
    return at;
  }

  @Override
  public final long timestamp() {
    return row().timestamp();
  }

  /** Where the value starts: in a map, after the subkey and its length. */
  private int valueStart(RowCursor at) {
    if (rule == Rule.MULTIMAP) {
      return at.payloadOffset();
    }
    int subkeyLength = RowFormat.getVarint(at.payload(), at.payloadOffset());
    return at.payloadOffset() + RowFormat.varintSize(subkeyLength) + subkeyLength;
  }

  private static int valueEnd(RowCursor at) {
    return at.payloadOffset() + at.payloadLength();
  }

  @Override
  public final byte[] subkey() {
    RowCursor at = row();
    if (rule == Rule.MULTIMAP) {
      return NO_BYTES;
    }
    int length = RowFormat.getVarint(at.payload(), at.payloadOffset());
    return bytes(at.payload(), at.payloadOffset() + RowFormat.varintSize(length), length);
  }

  @Override
  public final byte[] value() {
    RowCursor at = row();
    int start = valueStart(at);
    return bytes(at.payload(), start, valueEnd(at) - start);
  }

  @Override
  public final int valueLength() {
    RowCursor at = row();
    return valueEnd(at) - valueStart(at);
  }

  @Override
  public final long valueLong(int offset) {
    RowCursor at = row();
    int start = valueStart(at);
    if (offset < 0 || start + offset + Long.BYTES > valueEnd(at)) {
      throw new IndexOutOfBoundsException(
          "Eight bytes do not lie in the value: offset="
              + offset
              + ", valueLength="
              + valueLength());
    }
    return Long.reverseBytes(at.payload().getLong(start + offset));
  }

  @Override
  public final void copyValue(byte[] target, int targetOffset) {
    RowCursor at = row();
    int start = valueStart(at);
    at.payload().get(start, target, targetOffset, valueEnd(at) - start);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a view is of one buffer, whatever another one holds
  public final ByteBuffer valueBuffer() {
    RowCursor at = row();
    if (viewOf != at.payload()) {
      viewOf = at.payload();
      valueView = viewOf.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
    }
    valueView.limit(valueEnd(at)).position(valueStart(at));
    return valueView;
  }

  static byte[] bytes(ByteBuffer buffer, int offset, int length) {
    byte[] copy = new byte[length];
    buffer.get(offset, copy);
    return copy;
  }

  @Override
  public final boolean isClosed() {
    return state != State.OPEN;
  }

  @Override
  public final void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      letGo();
    }
  }

  private void letGo() {
    row = null;
    viewOf = EMPTY;
    valueView = EMPTY;
    lease.close();
  }
}
