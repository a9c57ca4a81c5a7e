package io.timelog.internal.segment;

import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.KeyFilterFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects the hashes of a segment's keys in key order, sorts them into the key index and adds them
 * to the key filter.
 */
final class KeyIndexBuilder {

  /*
   * The highest bits of a hash choose its bucket, and hashes are spread evenly, so one counting pass
   * and one scattering pass leave little to sort: a handful of keys in each bucket. A bucket that
   * grew large all the same, by bad luck or by bad intent, is sorted by comparison.
   */

  /**
   * A key index.
   *
   * @param blocks its blocks, from 0 to the limit
   * @param directory what its directory says of them, from 0 to the limit
   */
  record Encoded(ByteBuffer blocks, ByteBuffer directory) {}

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

  /** Encodes the filter, from 0 to the limit; without bytes if there are few keys. */
  ByteBuffer encodeFilter() {
    ByteBuffer filter = KeyFilterFormat.allocate(KeyFilterFormat.length(keyCount));
    if (filter.hasRemaining()) {
      for (int key = 0; key < keyCount; key++) {
        KeyFilterFormat.add(filter, hashes[key]);
      }
    }
    return filter;
  }

  /**
   * Encodes the index.
   *
   * @param keysOfPage for each page, how many keys start in it
   * @param ordinalBits bits of a position that are the ordinal
   */
  Encoded encode(int[] keysOfPage, int ordinalBits) {
    int bucketBits = KeyIndexFormat.bucketBits(keyCount);
    long length = KeyIndexFormat.length(keyCount, bucketBits);
    if (length > Integer.MAX_VALUE) {
      throw new TimelogException(
          "A segment cannot index so many keys, write smaller partition windows: keyCount="
              + keyCount);
    }
    int[] bucketEnds = new int[1 << bucketBits];
    long[] entries = sort(keysOfPage, ordinalBits, bucketBits, bucketEnds);
    ByteBuffer blocks = KeyIndexFormat.allocate((int) length);
    int blockCount = KeyIndexFormat.blockCount(bucketBits);
    ByteBuffer directory = BlockDirectoryFormat.allocate(blockCount);
    int bucketsOfBlock = KeyIndexFormat.bucketsOfBlock(bucketBits);
    int start = 0;
    int firstEntry = 0;
    for (int block = 0; block < blockCount; block++) {
      int bucket = block * bucketsOfBlock;
      for (int i = 0; i < bucketsOfBlock; i++) {
        KeyIndexFormat.putBucketEnd(blocks, start, i, bucketEnds[bucket + i] - firstEntry);
      }
      int entriesOffset = start + KeyIndexFormat.entriesOffset(bucketBits);
      int endEntry = bucketEnds[bucket + bucketsOfBlock - 1];
      for (int i = firstEntry; i < endEntry; i++) {
        int at = KeyIndexFormat.entry(entriesOffset, i - firstEntry);
        KeyIndexFormat.putEntry(blocks, at, hash(entries[i]), entries[i] & 0xFFFFFFFFL);
      }
      int end = KeyIndexFormat.entry(entriesOffset, endEntry - firstEntry);
      BlockDirectoryFormat.putBlock(directory, block, end, Checksum.of(blocks, start, end - start));
      start = end;
      firstEntry = endEntry;
    }
    return new Encoded(blocks, directory);
  }

  /** The entries in the order of the index, and where each bucket ends. */
  private long[] sort(int[] keysOfPage, int ordinalBits, int bucketBits, int[] bucketEnds) {
    for (int key = 0; key < keyCount; key++) {
      bucketEnds[KeyIndexFormat.bucket(hashes[key], bucketBits)]++;
    }
    int end = 0;
    for (int bucket = 0; bucket < bucketEnds.length; bucket++) {
      int start = end;
      end += bucketEnds[bucket];
      bucketEnds[bucket] = start;
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
    int start = 0;
    for (int bucketEnd : bucketEnds) {
      sort(entries, start, bucketEnd);
      start = bucketEnd;
    }
    return entries;
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
