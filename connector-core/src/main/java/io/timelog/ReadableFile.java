package io.timelog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that can be read at any place: one that an export hands out, or one that an import reads,
 * wherever the application keeps it. Its bytes never change.
 *
 * <p>Those of an export are thread-safe. An import uses each file on one thread.
 */
public interface ReadableFile extends Closeable {
  /**
   * The length in bytes.
   *
   * @throws IOException if it cannot be had
   */
  long length() throws IOException;

  /**
   * Reads bytes into {@code target}, from its position on, which moves behind them: at least one if
   * it has room, and as many more as can be had at once.
   *
   * @param position where to read, in bytes from the start of the file
   * @return how many bytes were read; -1 if the position is at or behind the end of the file
   * @throws IOException if they cannot be had
   */
  int read(long position, ByteBuffer target) throws IOException;

  /**
   * The file of this machine that has exactly these bytes, if there is one that keeps them for
   * ever, though not its name. An import into a directory gives it another name there, if it can,
   * and reads its bytes when they are asked for, rather than copy them; what is damaged in it is
   * then found by who reads that.
   *
   * @return null if there is none; what an export hands out has none
   */
  default @Nullable Path path() {
    return null;
  }

  /**
   * Lets go of the file. Closing twice does nothing.
   *
   * @throws IOException if that fails
   */
  @Override
  void close() throws IOException;
}
