package io.timelog.internal.compression;

import io.timelog.internal.cache.ByteSource;

/**
 * The bytes of a segment that lies in a file of a directory, whichever way it lies there. Any
 * number of threads may read.
 */
public sealed interface StoredSegment extends ByteSource permits WholeSegment, CompressedSegment {
  /**
   * Where a byte of the segment is in the file; if it is compressed, where that begins which has
   * it.
   */
  long fileOffset(long offset);

  /** The bytes of memory that it takes at present. */
  long heldBytes();

  /** Gives the memory back, once nobody reads any more. Closing twice does nothing. */
  void close();
}
