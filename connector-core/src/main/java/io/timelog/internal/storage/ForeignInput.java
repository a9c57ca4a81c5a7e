package io.timelog.internal.storage;

import io.timelog.ReadableFile;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.memory.MemoryAccount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a segment that lies in a file of the application, piece by piece into memory of a store.
 * What was read is kept until it is {@linkplain #forget forgotten} or the input is closed. Not
 * thread-safe.
 */
public final class ForeignInput implements SegmentInput {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

  private final String name;
  private final ReadableFile file;
  private final long length;
  private final MemoryAccount memory;
  private final Map<Long, ByteBuffer> pieces = new HashMap<>();

  /**
   * Reads a file, which the caller closes after this input.
   *
   * @param name what messages call the file
   * @param length the length that it must have
   * @param memory pays for what is read
   * @throws TimelogCorruptionException if it has another length
   * @throws TimelogException if the file cannot be read
   */
  public ForeignInput(String name, ReadableFile file, long length, MemoryAccount memory) {
    this.name = name;
    this.file = file;
    this.length = length;
    this.memory = memory;
    requireLength();
  }

  private void requireLength() {
    long actual;
    try {
      actual = file.length();
    } catch (IOException e) {
      throw unreadable(0, e);
    }
    if (actual != length) {
      throw new TimelogCorruptionException(
          "File has a wrong length: expected=" + length + ", actual=" + actual,
          name,
          Math.min(actual, length));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  /**
   * {@inheritDoc} Reads the file unless these very bytes are kept.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for them
   */
  @Override
  public ByteBuffer read(long offset, int size) {
    if (size == 0) {
      return NO_BYTES.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer piece = pieces.get(offset);
    if (piece == null || piece.capacity() < size) {
      forget(offset);
      piece = memory.takeExtent(size);
      pieces.put(offset, piece);
      copyTo(offset, piece.clear().limit(size));
    }
    return piece.clear().slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives back the memory of what was read from {@code offset} on, if anything was. */
  public void forget(long offset) {
    ByteBuffer piece = pieces.remove(offset);
    if (piece != null) {
      memory.give(piece);
    }
  }

  @Override
  public ByteBuffer readToKeep(long offset, int size) {
    ByteBuffer copy = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    copyTo(offset, copy);
    return copy.flip();
  }

  @Override
  public void copyTo(long offset, ByteBuffer target) {
    int start = target.position();
    while (target.hasRemaining()) {
      long position = offset + target.position() - start;
      int before = target.position();
      int read;
      try {
        read = file.read(position, target);
      } catch (IOException e) {
        throw unreadable(position, e);
      }
      if (read < 0) {
        throw new TimelogCorruptionException(
            "File ends too early: expectedLength=" + length, name, position);
      }
      if (target.position() <= before) {
        throw unreadable(position, new IOException("A read returned no bytes"));
      }
    }
  }

  private TimelogException unreadable(long offset, IOException cause) {
    return new TimelogException("File cannot be read: source=" + name + "@" + offset, cause);
  }

  /** Does nothing: the file is not of the store. */
  @Override
  public void delete() {}

  @Override
  public void close() {
    pieces.values().forEach(memory::give);
    pieces.clear();
  }
}
