package io.timelog.flink.internal.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.core.fs.FSDataInputStream;

/** A stored pack that is read at any place, in pieces of a good size. For one thread. */
final class PackStream implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final String pack;
  private final FSDataInputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** Where the bytes in the buffer start in the pack, and how many there are. */
  private long start;

  private int count;

  /** Reads a stream, which is closed with this. */
  PackStream(String pack, FSDataInputStream in) {
    this.pack = pack;
    this.in = in;
  }

  /** The name of the pack. */
  String pack() {
    return pack;
  }

  /** As {@link io.timelog.ReadableFile#read}. */
  int read(long position, ByteBuffer target) throws IOException {
    if (position < start || position >= start + count) {
      fill(position);
    }
    if (count <= 0) {
      return -1;
    }
    int from = (int) (position - start);
    int size = Math.min(count - from, target.remaining());
    target.put(buffer, from, size);
    return size;
  }

  private void fill(long position) throws IOException {
    count = 0;
    start = position;
    if (in.getPos() != position) {
      in.seek(position);
    }
    count = Math.max(0, in.read(buffer));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
