package io.timelog.internal.compression;

import java.nio.ByteBuffer;

/**
 * A segment that lies in its file as it is.
 *
 * @param place where that is
 */
record WholeSegment(StoredPlace place) implements StoredSegment {
  @Override
  public void read(long offset, ByteBuffer target) {
    place.bytes().read(offset, target);
  }

  @Override
  public long fileOffset(long offset) {
    return place.offset() + offset;
  }

  @Override
  public long heldBytes() {
    return 0;
  }

  /** Does nothing: it takes no memory. */
  @Override
  public void close() {}
}
