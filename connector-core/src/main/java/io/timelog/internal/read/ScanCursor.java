package io.timelog.internal.read;

import io.timelog.Cursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
  private boolean onEntry;
  private ByteBuffer payload = EMPTY;
  private int payloadOffset;
  private int payloadLength;
  private long timestamp;
  private ByteBuffer viewOf = EMPTY;
  private ByteBuffer valueView = EMPTY;

  ScanCursor(ReadLease lease, Rule rule) {
    this.lease = lease;
    this.rule = rule;
  }

  /** Moves to the next entry and calls {@link #take}, or returns false. */
  abstract boolean moveToNext();

  @Override
  public final boolean advance() {
    if (state == State.OPEN) {
      if (moveToNext()) {
        onEntry = true;
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

  /** Takes the row as the current entry. */
  final void take(RowCursor row) {
    timestamp = row.timestamp();
    payload = row.payload();
    payloadOffset = row.payloadOffset();
    payloadLength = row.payloadLength();
  }

  final void take(long time, ByteBuffer buffer, int offset, int length) {
    timestamp = time;
    payload = buffer;
    payloadOffset = offset;
    payloadLength = length;
  }

  private void requireEntry() {
    if (!onEntry) {
      throw new IllegalStateException(
          state == State.OPEN
              ? "The cursor is not on an entry: call advance() first."
              : "The cursor is closed.");
    }
  }

  @Override
  public final long timestamp() {
    requireEntry();
    return timestamp;
  }

  /** Bytes between the start of the payload and the value: the subkey and its length, in a map. */
  private int valueStart() {
    if (rule == Rule.MULTIMAP) {
      return payloadOffset;
    }
    int subkeyLength = RowFormat.getVarint(payload, payloadOffset);
    return payloadOffset + RowFormat.varintSize(subkeyLength) + subkeyLength;
  }

  @Override
  public final byte[] subkey() {
    requireEntry();
    if (rule == Rule.MULTIMAP) {
      return NO_BYTES;
    }
    int length = RowFormat.getVarint(payload, payloadOffset);
    return bytes(payload, payloadOffset + RowFormat.varintSize(length), length);
  }

  @Override
  public final byte[] value() {
    requireEntry();
    int start = valueStart();
    return bytes(payload, start, payloadOffset + payloadLength - start);
  }

  @Override
  public final int valueLength() {
    requireEntry();
    return payloadOffset + payloadLength - valueStart();
  }

  @Override
  public final long valueLong(int offset) {
    requireEntry();
    int start = valueStart();
    if (offset < 0 || start + offset + Long.BYTES > payloadOffset + payloadLength) {
      throw new IndexOutOfBoundsException(
          "Eight bytes do not lie in the value: offset="
              + offset
              + ", valueLength="
              + valueLength());
    }
    return Long.reverseBytes(payload.getLong(start + offset));
  }

  @Override
  public final void copyValue(byte[] target, int targetOffset) {
    requireEntry();
    int start = valueStart();
    payload.get(start, target, targetOffset, payloadOffset + payloadLength - start);
  }

  @Override
  public final ByteBuffer valueBuffer() {
    requireEntry();
    if (viewOf != payload) {
      viewOf = payload;
      valueView = payload.asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
    }
    valueView.limit(payloadOffset + payloadLength).position(valueStart());
    return valueView;
  }

  static byte[] bytes(ByteBuffer buffer, int offset, int length) {
    byte[] copy = new byte[length];
    buffer.get(offset, copy);
    return copy;
  }

  /** Fails if there is no current entry; for accessors of subclasses. */
  final void checkOnEntry() {
    requireEntry();
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
    onEntry = false;
    payload = EMPTY;
    viewOf = EMPTY;
    valueView = EMPTY;
    lease.close();
  }
}
