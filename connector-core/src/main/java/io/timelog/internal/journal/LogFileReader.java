package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches of a file of the log and checks them. No memory is taken for a length before the
 * checksum says that it was written. Not thread-safe.
 */
final class LogFileReader implements Closeable {
  private static final int PIECE_BYTES = 64 << 10;

  private final PositionedFile file;
  private final long number;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer piece;
  private ByteBuffer large;
  private long lastOffset;

  private LogFileReader(PositionedFile file, long number) {
    this.file = file;
    this.number = number;
    piece = allocatePiece();
    large = piece;
  }

  static LogFileReader open(Disk disk, String name, long number) throws IOException {
    return new LogFileReader(disk.open(name), number);
  }

  private ByteBuffer allocatePiece() {
    return allocate((int) Math.min(PIECE_BYTES, file.length()));
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  String name() {
    return file.name();
  }

  long length() {
    return file.length();
  }

  /** The bytes of the header, which are to be checked; null if the file is shorter. */
  @Nullable ByteBuffer header() throws IOException {
    return file.length() < LogHeaderFormat.BYTES ? null : read(piece, 0, LogHeaderFormat.BYTES);
  }

  /**
   * The batch at an offset, from 0 to the limit of a buffer, which is used again by the next call;
   * null if there is no whole batch of this file that ends at or before {@code end}.
   */
  @Nullable ByteBuffer batch(long offset, long end) throws IOException {
    long room = Math.min(end, file.length()) - offset;
    if (room < BatchFormat.BYTES) {
      return null;
    }
    ByteBuffer bytes = read(piece, offset, (int) Math.min(room, PIECE_BYTES));
    int length = bytes.getInt(BatchFormat.LENGTH_OFFSET);
    if (!BatchFormat.isPlausible(bytes, 0, number) || length > room) {
      return null;
    }
    int stored = bytes.getInt(BatchFormat.CHECKSUM_OFFSET);
    if (length > bytes.limit()) {
      if (checksum(offset, length) != stored) {
        return null;
      }
      if (large.capacity() < length) {
        large = allocate(length);
      }
      bytes = read(large, offset, length);
    }
    bytes.limit(length);
    lastOffset = offset;
    // Again for a long one: it is not the same read.
    return checksum(bytes, BatchFormat.CHECKED_OFFSET) == stored ? bytes : null;
  }

  /** Where the last batch was that was found. */
  long lastOffset() {
    return lastOffset;
  }

  private int checksum(long offset, int length) throws IOException {
    crc.reset();
    for (long at = offset; at < offset + length; at += PIECE_BYTES) {
      ByteBuffer bytes = read(piece, at, (int) Math.min(PIECE_BYTES, offset + length - at));
      crc.update(bytes.position(at == offset ? BatchFormat.CHECKED_OFFSET : 0));
    }
    return (int) crc.getValue();
  }

  private int checksum(ByteBuffer bytes, int from) {
    crc.reset();
    crc.update(bytes.position(from));
    bytes.position(0);
    return (int) crc.getValue();
  }

  /**
   * The first whole batch of this file behind an offset; null if there is none.
   *
   * @param offset a multiple of {@link BatchFormat#ALIGNMENT}
   */
  @Nullable ByteBuffer batchBehind(long offset) throws IOException {
    ByteBuffer look = allocatePiece();
    long at = offset + BatchFormat.ALIGNMENT;
    while (file.length() - at >= BatchFormat.BYTES) {
      read(look, at, (int) Math.min(PIECE_BYTES, file.length() - at));
      int last = look.limit() - BatchFormat.BYTES;
      for (int i = 0; i <= last; i += BatchFormat.ALIGNMENT) {
        if (BatchFormat.isPlausible(look, i, number)) {
          ByteBuffer batch = batch(at + i, file.length());
          if (batch != null) {
            return batch;
          }
        }
      }
      at += last / BatchFormat.ALIGNMENT * BatchFormat.ALIGNMENT + BatchFormat.ALIGNMENT;
    }
    return null;
  }

  private ByteBuffer read(ByteBuffer into, long offset, int length) throws IOException {
    into.clear().limit(length);
    file.read(offset, into);
    return into.position(0);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
