package io.timelog.internal.storage.disk;

import io.timelog.TimelogCorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the operating system whose readers may be interrupted. */
final class GuardedFile implements PositionedFile {

  /*
   * A read of a FileChannel is the fastest there is, but an interrupt of one reader closes the channel for
   * all of them. So a reader puts its interrupt aside before it reads. One that comes later, to this or to
   * another reader, is noticed by the closed channel; the first who sees it opens the file again, and all
   * begin their read anew.
   *
   * The JDK copies what is read into an array through a direct buffer as large as the read, which it keeps
   * for the thread and nobody counts. Small pieces keep that small.
   */

  private static final int HEAP_PIECE_BYTES = 8 << 10;

  private final String name;
  private final Path path;
  private final long length;
  private volatile FileChannel channel;
  private boolean closed;

  GuardedFile(String name, Path path) throws IOException {
    this.name = name;
    this.path = path;
    // Not asked of the channel, which an interrupt would close.
    length = Files.size(path);
    channel = openChannel();
  }

  private FileChannel openChannel() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    int start = target.position();
    boolean interrupted = Thread.interrupted();
    try {
      while (!tryRead(offset, target)) {
        interrupted |= Thread.interrupted();
        target.position(start);
      }
    } catch (IOException | RuntimeException e) {
      target.position(start);
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether the channel was open until all was read; if not, it is open again. */
  private boolean tryRead(long offset, ByteBuffer target) throws IOException {
    FileChannel current = channel;
    try {
      readAll(current, offset, target);
      return true;
    } catch (ClosedChannelException byAnInterrupt) {
      reopen(current);
      return false;
    }
  }

  private void readAll(FileChannel from, long offset, ByteBuffer target) throws IOException {
    int limit = target.limit();
    long position = offset;
    try {
      while (target.position() < limit) {
        if (!target.isDirect()) {
          target.limit(Math.min(limit, target.position() + HEAP_PIECE_BYTES));
        }
        int read = from.read(target, position);
        if (read < 0) {
          throw new TimelogCorruptionException(
              "File ends too early: length=" + from.size() + ", expectedLength=" + length,
              name,
              position);
        }
        position += read;
      }
    } finally {
      target.limit(limit);
    }
  }

  /** Opens the file again, once for each channel that was closed. */
  private synchronized void reopen(FileChannel dead) throws IOException {
    if (closed) {
      throw new IllegalStateException("The file is closed: name=" + name);
    }
    if (channel == dead) {
      channel = openChannel();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
