package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of the operating system that is written front to back. */
final class LocalAppendFile implements AppendFile {

  /*
   * A RandomAccessFile, because its writes and syncs take no notice of interrupts, while these close a
   * FileChannel and leave the outcome of a sync unknown. Its own channel must not be asked for: closing
   * that closes the file.
   */

  /** Bytes that are not in an array are written in pieces of this length. */
  private static final int PIECE_BYTES = 64 << 10;

  private final String name;
  private final RandomAccessFile file;
  private final byte[] piece = new byte[PIECE_BYTES];
  private long position;
  private volatile @Nullable IOException failure;

  /** Opens an empty file that was just made. */
  LocalAppendFile(String name, Path path) throws IOException {
    this.name = name;
    file = new RandomAccessFile(path.toFile(), "rw");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    requireSound();
    int length = bytes.remaining();
    try {
      if (bytes.hasArray()) {
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
        bytes.position(bytes.limit());
      } else {
        while (bytes.hasRemaining()) {
          int size = Math.min(PIECE_BYTES, bytes.remaining());
          bytes.get(piece, 0, size);
          file.write(piece, 0, size);
        }
      }
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    position += length;
  }

  @Override
  public void force() throws IOException {
    requireSound();
    try {
      file.getFD().sync();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void requireSound() throws IOException {
    IOException first = failure;
    if (first != null) {
      FileSystemException again =
          new FileSystemException(name, null, "The file is not used any more after a failure");
      again.initCause(first);
      throw again;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
