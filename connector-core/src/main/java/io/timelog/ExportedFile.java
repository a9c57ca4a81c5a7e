package io.timelog;

import io.timelog.internal.checkpoint.CutSegment;
import io.timelog.internal.checkpoint.StoreCut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file of a {@link StoreExport}: immutable, and readable until the export is closed. Thread-safe.
 */
public final class ExportedFile {
  private final StoreCut cut;
  private final CutSegment segment;

  ExportedFile(StoreCut cut, CutSegment segment) {
    this.cut = cut;
    this.segment = segment;
  }

  /**
   * The name of the file, such as {@code 5f0c…9a-0000000000000001.seg}: letters, digits, a hyphen
   * and a dot, at most 64 characters. No other file ever has it: files of equal name, of whatever
   * export of whatever store, have equal bytes. So a file that is stored somewhere already need not
   * be stored again.
   */
  public String name() {
    return segment.name();
  }

  /** The length in bytes. */
  public long length() {
    return segment.length();
  }

  /**
   * The bytes, at any place. Costs no memory; a read copies what it returns. Where the store has
   * {@linkplain StoreBuilder#compression compressed} them, a read takes memory of the budget for
   * the pages that it decompresses, may be refused for lack of it, and had better be of many bytes.
   * Any number of threads may read. It throws {@link IllegalStateException} when the export was
   * closed.
   */
  public ReadableFile open() {
    return new Bytes();
  }

  /**
   * The bytes from the first to the last. For one thread. It throws {@link IllegalStateException}
   * when the export was closed.
   */
  public InputStream newInputStream() {
    return new Stream();
  }

  /**
   * Makes a file of the machine that has these bytes, without copying them: another name of the
   * file in which they lie, if the store is in a directory, they lie there by themselves, and both
   * places are on one disk. It stays when the export is closed and when the store deletes its own.
   * For a backup or a copy beside the store.
   *
   * @param target what it is called; there must be nothing of that name
   * @return false if it has to be copied
   * @throws IllegalStateException if the export was closed
   * @throws TimelogException if it is not known whether the file was made
   */
  public boolean linkTo(Path target) {
    return cut.link(segment, Objects.requireNonNull(target, "target"));
  }

  private int read(long position, ByteBuffer target) {
    long left = length() - Math.max(0, position);
    if (position < 0) {
      throw new IllegalArgumentException(
          "A position must not be negative: position=" + position + ", file=" + name());
    }
    if (left <= 0) {
      return -1;
    }
    int size = (int) Math.min(left, target.remaining());
    cut.copy(segment, position, target.slice().limit(size));
    target.position(target.position() + size);
    return size;
  }

  private final class Bytes implements ReadableFile {
    @Override
    public long length() {
      return ExportedFile.this.length();
    }

    @Override
    public int read(long position, ByteBuffer target) {
      return ExportedFile.this.read(position, target);
    }

    @Override
    public void close() {
      // The export holds the bytes.
    }
  }

  private final class Stream extends InputStream {
    private final byte[] one = new byte[1];
    private long position;

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      int size = ExportedFile.this.read(position, ByteBuffer.wrap(target, offset, length));
      position += Math.max(0, size);
      return size;
    }

    @Override
    public long skip(long count) {
      long skipped = Math.max(0, Math.min(count, length() - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, length() - position);
    }
  }

  @Override
  public String toString() {
    return "ExportedFile[name=" + name() + ", length=" + length() + "]";
  }
}
