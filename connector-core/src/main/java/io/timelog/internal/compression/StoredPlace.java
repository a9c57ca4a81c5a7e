package io.timelog.internal.compression;

import io.timelog.internal.cache.ByteSource;

/**
 * Where a segment lies, and what is there.
 *
 * @param file the name of the file, for messages
 * @param offset where in the file it begins
 * @param compressedLength how many bytes of the file it takes; 0 if it is there as it is
 * @param bytes what the file has from {@code offset} on
 */
public record StoredPlace(String file, long offset, long compressedLength, ByteSource bytes) {
  /**
   * The segment.
   *
   * @param length how long it is, when it is decompressed
   * @param memory lends what it needs
   * @throws io.timelog.TimelogCorruptionException if what says where its pages are is not as it was
   *     written
   * @throws io.timelog.TimelogException if its codec was not given, or it has a format that this
   *     build does not read
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  public StoredSegment open(long length, PageCodecs codecs, PieceMemory memory) {
    return compressedLength == 0
        ? new WholeSegment(this)
        : CompressedSegment.open(this, length, codecs, memory);
  }

  /** What messages call a byte of what is there. */
  String source(long at) {
    return file + "@" + (offset + at);
  }
}
