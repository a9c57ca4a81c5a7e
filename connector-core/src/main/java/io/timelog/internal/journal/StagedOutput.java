package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.AppendFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers bytes in an array and writes them to a file in pieces: a call of the operating system for
 * each short section would cost more than the copy.
 */
final class StagedOutput implements BatchOutput {
  /** Bytes of a piece. */
  static final int PIECE_BYTES = 64 << 10;

  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
  private @Nullable AppendFile file;

  /** Begins to write to a file; what was not flushed is forgotten. */
  void begin(AppendFile to) {
    piece.clear();
    file = to;
  }

  @Override
  public void write(ByteBuffer bytes, int length) throws IOException {
    for (int done = 0; done < length; ) {
      if (!piece.hasRemaining()) {
        flush();
      }
      int size = Math.min(piece.remaining(), length - done);
      bytes.get(done, piece.array(), piece.position(), size);
      piece.position(piece.position() + size);
      done += size;
    }
    bytes.clear();
  }

  /** Writes what is left. */
  void flush() throws IOException {
    AppendFile to = file;
    if (to == null) {
      throw new IllegalStateException("There is no file to write to");
    }
    piece.flip();
    to.write(piece);
    piece.clear();
  }
}
