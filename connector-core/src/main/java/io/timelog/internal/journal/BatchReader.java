package io.timelog.internal.journal;

import io.timelog.Span;
import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.TableShapeFormat;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads what is in a batch whose checksum was compared. That says that the bytes are those which
 * were written, not that they make sense: so lengths and counts are compared with what is there.
 * Not thread-safe.
 */
final class BatchReader {
  private final String file;
  private final long fileOffset;
  private final ByteBuffer bytes;

  /** Where what is read at present ends. */
  private int end;

  private int at;

  /**
   * Of a batch.
   *
   * @param file what messages call the file
   * @param fileOffset where the batch is in the file
   * @param batch the batch, from 0 to the limit of a buffer that has an array
   */
  BatchReader(String file, long fileOffset, ByteBuffer batch) {
    this.file = file;
    this.fileOffset = fileOffset;
    this.bytes = batch;
    end = batch.limit();
  }

  /** What the batch says beside its items. */
  static BatchStamp stamp(ByteBuffer batch) {
    return new BatchStamp(
        batch.getLong(BatchFormat.FILE_OFFSET),
        batch.getLong(BatchFormat.BATCH_OFFSET),
        batch.getLong(BatchFormat.COMMIT_OFFSET),
        batch.getLong(BatchFormat.FORCED_OFFSET));
  }

  /** Demands that what the batch says of itself fits together. */
  BatchStamp checkStamp() {
    BatchStamp stamp = stamp(bytes);
    boolean isCommit = bytes.get(BatchFormat.KIND_OFFSET) == BatchFormat.COMMIT;
    int tokenLength = bytes.getInt(BatchFormat.TOKEN_LENGTH_OFFSET);
    require(
        stamp.isCommit() == isCommit
            && stamp.commit() >= 0
            && stamp.forced() < stamp.batch()
            && tokenLength >= 0
            && tokenLength <= Math.min(CommitToken.MAX_BYTES, bytes.limit() - BatchFormat.BYTES)
            && (isCommit || tokenLength == 0)
            && bytes.getInt(BatchFormat.TOKEN_LENGTH_OFFSET + Integer.BYTES) == 0,
        "Batch of a log is not one that was written: " + stamp);
    return stamp;
  }

  /** The token of the commit. */
  CommitToken token() {
    byte[] token = new byte[bytes.getInt(BatchFormat.TOKEN_LENGTH_OFFSET)];
    bytes.get(BatchFormat.BYTES, token);
    return CommitToken.of(token);
  }

  /** Shows all items and, if it ends one, the commit. */
  void visit(LogVisitor visitor) {
    BatchStamp stamp = checkStamp();
    at = BatchFormat.BYTES + bytes.getInt(BatchFormat.TOKEN_LENGTH_OFFSET);
    int items = bytes.getInt(BatchFormat.ITEMS_OFFSET);
    LogFrame frame = new LogFrame();
    for (int i = 0; i != items; i++) {
      visitItem(visitor, frame);
    }
    require(end - at < BatchFormat.ALIGNMENT, "Batch of a log has more bytes than it describes");
    while (at < end) {
      require(bytes.get(at++) == 0, "Batch of a log does not end with zeros");
    }
    if (stamp.isCommit()) {
      visitor.commit(stamp.commit(), token());
    }
  }

  private void visitItem(LogVisitor visitor, LogFrame frame) {
    byte kind = int8();
    int table = int32();
    switch (kind) {
      case ItemFormat.SECTION -> visitSection(table, visitor, frame);
      case ItemFormat.CREATE_TABLE -> visitor.createTable(table, shape());
      case ItemFormat.DROP_TABLE -> visitor.dropTable(table);
      case ItemFormat.FLOOR -> visitor.floor(table, int64());
      case ItemFormat.DELETE_RANGE -> {
        long first = int64();
        long last = int64();
        require(first <= last, "Delete in a log is empty: first=" + first + ", last=" + last);
        visitor.deleteRange(table, first, last, int64());
      }
      default -> throw damage("Unknown item in a log: kind=" + kind);
    }
  }

  private TableShape shape() {
    int length = length();
    ByteBuffer settings = bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      TableShape shape = TableShapeFormat.decode(settings, file);
      at += length;
      return shape;
    } catch (TimelogCorruptionException e) {
      TimelogCorruptionException damage =
          damage("Settings of a table in a log are not those that were written");
      damage.initCause(e);
      throw damage;
    }
  }

  private void visitSection(int table, LogVisitor visitor, LogFrame frame) {
    int length = int32();
    long serial = int64();
    long base = int64();
    long first = int64();
    long last = int64();
    int frames = int32();
    require(length >= 0 && length <= end - at, "Section is too long: length=", length);
    require(first <= last, "Window in a log is empty: first=" + first + ", last=" + last);
    int endOfBatch = end;
    end = at + length;
    if (visitor.section(new LoggedWindow(table, serial, base, first, last))) {
      long timestamp = first;
      for (int i = 0; i != frames; i++) {
        timestamp = readFrame(frame, timestamp);
        visitor.frame(frame);
      }
      require(at == end, "Section has more bytes than it describes");
    }
    at = end;
    end = endOfBatch;
  }

  private long readFrame(LogFrame frame, long timestampBefore) {
    byte kind = int8();
    require(FrameKind.isKnown(kind), "Unknown frame in a log: kind=", kind);
    span(frame.key(), varint());
    long timestamp = timestampBefore + zigzag();
    frame.set(FrameKind.of(kind), timestamp);
    int payloadEnd = end;
    int length = varint();
    require(length <= end - at, "Payload in a log is too long: length=", length);
    end = at + length;
    switch (frame.kind()) {
      case APPEND -> span(frame.value(), length);
      case PUT -> {
        span(frame.subkey(), varint());
        span(frame.value(), end - at);
      }
      case REMOVE -> {
        require(int8() == RowFormat.POINT, "Tombstone in a log is not one of an entry");
        span(frame.subkey(), varint());
      }
      case REMOVE_RANGE -> {
        require(int8() == RowFormat.RANGE, "Tombstone in a log is not one of a range");
        frame.setLast(int64());
      }
    }
    require(at == end, "Payload in a log has more bytes than it describes");
    end = payloadEnd;
    return timestamp;
  }

  private void span(Span span, int length) {
    require(length <= end - at, "Bytes in a log are too many: length=", length);
    span.set(bytes.array(), bytes.arrayOffset() + at, length);
    at += length;
  }

  /** A length that is not negative. */
  private int length() {
    int length = int32();
    require(length >= 0 && length <= end - at, "Length in a log is too large: length=", length);
    return length;
  }

  /** A number that is not negative. */
  private int varint() {
    long value = varint(Integer.SIZE - 1);
    require(value <= Integer.MAX_VALUE, "Number in a log is too large: value=", value);
    return (int) value;
  }

  private long zigzag() {
    long value = varint(Long.SIZE - 1);
    return (value >>> 1) ^ -(value & 1);
  }

  /** An unsigned number, of which the last byte has its lowest bit no higher than so. */
  private long varint(int maxShift) {
    long value = 0;
    for (int shift = 0; shift <= maxShift; shift += 7) {
      byte next = int8();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damage("Number in a log is too long");
  }

  private byte int8() {
    require(end - at >= 1, "Item of a log ends too early");
    return bytes.get(at++);
  }

  private int int32() {
    require(end - at >= Integer.BYTES, "Item of a log ends too early");
    at += Integer.BYTES;
    return bytes.getInt(at - Integer.BYTES);
  }

  private long int64() {
    require(end - at >= Long.BYTES, "Item of a log ends too early");
    at += Long.BYTES;
    return bytes.getLong(at - Long.BYTES);
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw damage(problem);
    }
  }

  /** As above; the message ends with what was found, and is put together only if it is needed. */
  private void require(boolean holds, String problem, long found) {
    if (!holds) {
      throw damage(problem + found);
    }
  }

  private TimelogCorruptionException damage(String problem) {
    return new TimelogCorruptionException(problem, file, fileOffset + at);
  }
}
