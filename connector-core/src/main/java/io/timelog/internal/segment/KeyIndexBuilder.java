package io.timelog.internal.segment;

import io.timelog.TimelogException;
import io.timelog.internal.format.v1.KeyIndexFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the hashes of a segment's keys in key order and sorts them into the key index. */
final class KeyIndexBuilder {

  /*
   * The highest bits of a hash choose its bucket, and hashes are spread evenly, so one counting pass
   * and one scattering pass leave little to sort: a handful of keys in each bucket. A bucket that
   * grew large all the same, by bad luck or by bad intent, is sorted by comparison.
   */

  private static final int INSERTION_SORT_MAX = 32;

  private int[] hashes = new int[64];
  private int keyCount;

  /** Adds the hash of the next key. */
  void add(int hash) {
    if (keyCount == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * keyCount);
    }
    hashes[keyCount++] = hash;
  }

  /** Keys so far. */
  int keyCount() {
    return keyCount;
  }

  /**
   * Encodes the index.
   *
   * @param keysOfPage for each page, how many keys start in it
   * @param ordinalBits bits of a position that are the ordinal
   */
  ByteBuffer encode(int[] keysOfPage, int ordinalBits) {
    int bucketBits = KeyIndexFormat.bucketBits(keyCount);
    long length = KeyIndexFormat.length(keyCount, bucketBits);
    if (length > Integer.MAX_VALUE) {
      throw new TimelogException(
          "A segment cannot index so many keys, write smaller partition windows: keyCount="
              + keyCount);
    }
    int[] bucketEnds = new int[(1 << bucketBits) + 1];
    for (int key = 0; key < keyCount; key++) {
      bucketEnds[KeyIndexFormat.bucket(hashes[key], bucketBits) + 1]++;
    }
    for (int bucket = 1; bucket < bucketEnds.length; bucket++) {
      bucketEnds[bucket] += bucketEnds[bucket - 1];
    }
    long[] entries = new long[keyCount];
    int key = 0;
    for (int page = 0; page < keysOfPage.length; page++) {
      for (int ordinal = 0; ordinal < keysOfPage[page]; ordinal++, key++) {
        int bucket = KeyIndexFormat.bucket(hashes[key], bucketBits);
        entries[bucketEnds[bucket]++] =
            entry(hashes[key], KeyIndexFormat.position(page, ordinal, ordinalBits));
      }
    }
    ByteBuffer index = KeyIndexFormat.allocate((int) length);
    int start = 0;
    for (int bucket = 0; bucket < bucketEnds.length; bucket++) {
      int end = bucketEnds[bucket];
      KeyIndexFormat.putBucketStart(index, keyCount, bucket, start);
      sort(entries, start, end);
      start = end;
    }
    for (int i = 0; i < keyCount; i++) {
      KeyIndexFormat.putEntry(index, i, hash(entries[i]), entries[i] & 0xFFFFFFFFL);
    }
    return index;
  }

  /** An entry that sorts, as a signed number, by hash and then by position, both unsigned. */
  private static long entry(int hash, long position) {
    return (long) (hash ^ Integer.MIN_VALUE) << Integer.SIZE | position;
  }

  private static int hash(long entry) {
    return (int) (entry >>> Integer.SIZE) ^ Integer.MIN_VALUE;
  }

  private static void sort(long[] entries, int start, int end) {
    if (end - start > INSERTION_SORT_MAX) {
      Arrays.sort(entries, start, end);
      return;
    }
    for (int i = start + 1; i < end; i++) {
      long entry = entries[i];
      int at = i;
      for (; at > start && entries[at - 1] > entry; at--) {
        entries[at] = entries[at - 1];
      }
      entries[at] = entry;
    }
  }
}
