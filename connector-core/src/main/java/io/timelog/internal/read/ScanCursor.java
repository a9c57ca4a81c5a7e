package io.timelog.internal.read;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.TimelogInternalException;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The base of all scans: holds the lease and finds key, subkey and value in the current row.
 * Belongs to one thread.
 */
abstract class ScanCursor implements Cursor {
  private static final byte[] NO_BYTES = new byte[0];
  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private enum State {
    OPEN,
    EXHAUSTED,
    CLOSED
  }

  private static final MethodHandle ADVANCE_ROW;

  static {
    try {
      ADVANCE_ROW =
          MethodHandles.lookup()
              .findVirtual(ScanCursor.class, "advanceRow", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /*
   * The slow path of advance(), called through a method handle in a field, which compilers do not
   * look through as they do through constants. HotSpot inlines the hot methods below the slow path,
   * which makes it large, and a large method is not inlined into its caller: then the fast path,
   * which is all that most entries need, costs a call. With the handle between, a scan takes half
   * the time.
   */
  private final MethodHandle advanceRow = ADVANCE_ROW;

  private final ReadLease lease;
  private final Rule rule;
  private State state = State.OPEN;

  /** The cursor that gave the current entry; null if there is none. */
  private @Nullable RowCursor row;

  /*
   * The current entry, and where the following entries of the same shape lie. Walking these calls no
   * other object, so the compiler can keep everything in registers.
   */
  private ByteBuffer payload = EMPTY;
  private int payloadOffset;
  private int payloadLength;
  private int payloadStride;
  private int timestampOffset;
  private int timestampStride;
  private long timestampOrigin;
  private long timestampMask;
  private int alike;

  // Made when first asked for: most scans copy, or read longs.
  private @Nullable BufferView keyView;
  private @Nullable BufferView subkeyView;
  private @Nullable BufferView valueView;

  ScanCursor(ReadLease lease, Rule rule) {
    this.lease = lease;
    this.rule = rule;
  }

  /** The next cursor that has entries, standing on its first one; null if there is none. */
  abstract @Nullable RowCursor nextRows();

  /**
   * The {@link #keyNumber()} of the current entry. Called, as those below, only if there is one.
   */
  abstract long currentKeyNumber();

  /** The buffer with the key of the current entry. */
  abstract ByteBuffer currentKeyBuffer();

  /** Where the key starts in {@link #currentKeyBuffer()}. */
  abstract int currentKeyOffset();

  /** Length of the key in bytes. */
  abstract int currentKeyLength();

  /** The key group of the key. */
  abstract int currentKeyGroup();

  @Override
  public final boolean advance() {
    int rest = alike;
    if (rest > 0) {
      alike = rest - 1;
      payloadOffset += payloadStride;
      timestampOffset += timestampStride;
      return true;
    }
    return advanceApart();
  }

  private boolean advanceApart() {
    try {
      return (boolean) advanceRow.invokeExact(this);
    } catch (RuntimeException | Error e) {
      // It stands nowhere, and what comes next is not known: to go on would leave entries out.
      close();
      throw e;
    } catch (Throwable e) {
      throw new TimelogInternalException("A step of a cursor threw what it does not declare.", e);
    }
  }

  @SuppressWarnings("UnusedMethod") // called through the handle
  private boolean advanceRow() {
    RowCursor at = row;
    if (at == null || !at.advance()) {
      at = advanceToNextRows();
      if (at == null) {
        return false;
      }
    }
    payload = at.payload();
    payloadOffset = at.payloadOffset();
    payloadLength = at.payloadLength();
    int passed = at.passStretch();
    alike = passed;
    if (passed > 0) {
      payloadStride = at.rowStride();
      timestampOffset = at.timestampOffset();
      timestampStride = at.timestampStride();
      timestampOrigin = at.timestampOrigin();
      timestampMask = at.timestampMask();
    } else {
      // timestamp() reads eight bytes and masks them away, so point it at bytes that are cached. An
      // empty payload may lie at the end of the buffer.
      timestampOffset = Math.min(payloadOffset, payload.capacity() - Long.BYTES);
      timestampOrigin = at.timestamp();
      timestampMask = 0;
    }
    return true;
  }

  private @Nullable RowCursor advanceToNextRows() {
    if (state == State.OPEN) {
      row = nextRows();
      if (row == null) {
        state = State.EXHAUSTED;
        letGo();
      }
      return row;
    }
    if (state == State.CLOSED) {
      throw new IllegalStateException("The cursor is closed.");
    }
    return null;
  }

  /**
   * Fails unless there is a current entry.
   *
   * @throws IllegalStateException if there is none
   */
  final void requireEntry() {
    if (row == null) {
      throw new IllegalStateException(
          state == State.OPEN
              ? "The cursor is not on an entry: call advance() first."
              : "The cursor is closed.");
    }
  }

  @Override
  public final long timestamp() {
    try {
      return timestampOrigin + (payload.getLong(timestampOffset) & timestampMask);
    } catch (IndexOutOfBoundsException e) {
      // Without an entry the payload is empty, so the check costs nothing where there is one.
      requireEntry();
      throw e;
    }
  }

  /** The buffer with the payload of the entry; little-endian, for absolute reads only. */
  public final ByteBuffer payload() {
    requireEntry();
    return payload;
  }

  /** Where the payload of the entry starts. */
  public final int payloadOffset() {
    return payloadOffset;
  }

  /** Length of the payload of the entry in bytes. */
  public final int payloadLength() {
    return payloadLength;
  }

  /** Where the value starts: in a map, after the subkey and its length. */
  private int valueStart() {
    if (rule == Rule.MULTIMAP) {
      return payloadOffset;
    }
    requireEntry();
    return RowFormat.mapValueStart(payload, payloadOffset);
  }

  private int valueEnd() {
    return payloadOffset + payloadLength;
  }

  @Override
  public final long keyNumber() {
    requireEntry();
    return currentKeyNumber();
  }

  @Override
  public final int keyGroup() {
    requireEntry();
    return currentKeyGroup();
  }

  @Override
  public final byte[] key() {
    requireEntry();
    return ByteCopy.read(currentKeyBuffer(), currentKeyOffset(), currentKeyLength());
  }

  @Override
  public final int keyLength() {
    requireEntry();
    return currentKeyLength();
  }

  @Override
  public final void copyKey(byte[] target, int targetOffset) {
    requireEntry();
    int length = currentKeyLength();
    Objects.checkFromIndexSize(targetOffset, length, target.length);
    ByteCopy.read(currentKeyBuffer(), currentKeyOffset(), length, target, targetOffset);
  }

  @Override
  public final ByteBuffer keyBuffer() {
    requireEntry();
    BufferView view = keyView;
    if (view == null) {
      view = new BufferView();
      keyView = view;
    }
    int start = currentKeyOffset();
    return view.of(currentKeyBuffer(), start, start + currentKeyLength());
  }

  @Override
  public final byte[] subkey() {
    int length = subkeyLength();
    return length == 0 ? NO_BYTES : ByteCopy.read(payload, subkeyStart(length), length);
  }

  @Override
  public final int subkeyLength() {
    requireEntry();
    return rule == Rule.MULTIMAP ? 0 : RowFormat.getVarint(payload, payloadOffset);
  }

  /** Where a subkey of this length starts; in a multimap, where the value starts. */
  private int subkeyStart(int length) {
    return rule == Rule.MULTIMAP ? payloadOffset : payloadOffset + RowFormat.varintSize(length);
  }

  /** Compares the subkey of the current entry of a map with another one. */
  public final int compareSubkey(Span other) {
    requireEntry();
    return RowFormat.compareSubkey(payload, payloadOffset, other);
  }

  @Override
  public final void copySubkey(byte[] target, int targetOffset) {
    int length = subkeyLength();
    Objects.checkFromIndexSize(targetOffset, length, target.length);
    ByteCopy.read(payload, subkeyStart(length), length, target, targetOffset);
  }

  @Override
  public final ByteBuffer subkeyBuffer() {
    int length = subkeyLength();
    BufferView view = subkeyView;
    if (view == null) {
      view = new BufferView();
      subkeyView = view;
    }
    int start = subkeyStart(length);
    return view.of(payload, start, start + length);
  }

  @Override
  public final byte[] value() {
    requireEntry();
    int start = valueStart();
    return ByteCopy.read(payload, start, valueEnd() - start);
  }

  @Override
  public final int valueLength() {
    requireEntry();
    return valueEnd() - valueStart();
  }

  @Override
  public final long valueLong(int offset) {
    int start = valueStart();
    if (offset < 0 || offset > valueEnd() - start - Long.BYTES) {
      throw noLongAt(offset);
    }
    return Long.reverseBytes(payload.getLong(start + offset));
  }

  private IndexOutOfBoundsException noLongAt(int offset) {
    requireEntry();
    return new IndexOutOfBoundsException(
        "Eight bytes do not lie in the value: offset=" + offset + ", valueLength=" + valueLength());
  }

  @Override
  public final void copyValue(byte[] target, int targetOffset) {
    requireEntry();
    int start = valueStart();
    int length = valueEnd() - start;
    Objects.checkFromIndexSize(targetOffset, length, target.length);
    ByteCopy.read(payload, start, length, target, targetOffset);
  }

  @Override
  public final ByteBuffer valueBuffer() {
    requireEntry();
    BufferView view = valueView;
    if (view == null) {
      view = new BufferView();
      valueView = view;
    }
    return view.of(payload, valueStart(), valueEnd());
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
    alike = 0;
    payload = EMPTY;
    payloadLength = 0;
    keyView = null;
    subkeyView = null;
    valueView = null;
    lease.close();
  }
}
