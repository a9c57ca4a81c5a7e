package io.timelog.internal.cache;

import java.nio.ByteBuffer;

/**
 * Knows where the parts of a segment lie and what they mean. Any number of threads may ask.
 *
 * @param <T> what is made of the bytes of a part
 */
public interface PartReader<T> {
  /** Where a part begins in the segment. */
  long offset(int number);

  /** The length of a part in bytes. */
  int length(int number);

  /**
   * Checks the bytes of a part and makes of them what readers use.
   *
   * @param bytes from 0 to the limit, little-endian; not changed as long as anybody uses the part
   * @throws io.timelog.TimelogCorruptionException if they are not as they were written
   */
  T open(int number, ByteBuffer bytes);
}
