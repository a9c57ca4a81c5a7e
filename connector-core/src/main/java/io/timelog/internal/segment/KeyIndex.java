package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.key.Key;
import java.nio.ByteBuffer;

/** Finds a key of a segment by its hash. Any number of threads may ask. */
final class KeyIndex {
  /** What {@link #find} returns for a key that the segment does not have. */
  static final long ABSENT = -1;

  /** Buckets with more entries than this are searched, not walked. */
  private static final int LONG_BUCKET = 16;

  private final SegmentPages pages;
  private final ByteBuffer index;
  private final int keyCount;
  private final int bucketBits;
  private final int ordinalBits;

  KeyIndex(SegmentPages pages, SegmentSections sections) {
    this.pages = pages;
    index = sections.keyIndex();
    keyCount = sections.footer().keyCount();
    bucketBits = sections.footer().bucketBits();
    ordinalBits = sections.footer().ordinalBits();
  }

  /**
   * The position of the key, or {@link #ABSENT}. Reads the page of the key to compare its bytes; of
   * {@code n} keys with one hash, about {@code log n} pages.
   */
  long find(Key key) {
    if (keyCount == 0) {
      return ABSENT;
    }
    int hash = key.hash();
    int bucket = KeyIndexFormat.bucket(hash, bucketBits);
    int end = KeyIndexFormat.bucketStart(index, keyCount, bucket + 1);
    int entry = firstReaching(KeyIndexFormat.bucketStart(index, keyCount, bucket), end, hash);
    if (!has(entry, end, hash)) {
      return ABSENT;
    }
    if (has(entry + 1, end, hash)) {
      return findAmongTwins(entry, end, hash, key);
    }
    long position = KeyIndexFormat.position(index, entry);
    return page(position).hasKey(ordinal(position), key) ? position : ABSENT;
  }

  /** Among entries that begin with those of one hash, which are in key order. */
  private long findAmongTwins(int from, int end, int hash, Key key) {
    int low = from;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (!has(middle, end, hash)) {
        high = middle;
        continue;
      }
      long position = KeyIndexFormat.position(index, middle);
      int order = page(position).compareKey(ordinal(position), key);
      if (order == 0) {
        return position;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ABSENT;
  }

  /** The first entry in {@code [from, to)} whose hash is {@code hash} or larger, or {@code to}. */
  private int firstReaching(int from, int to, int hash) {
    int low = from;
    int high = to;
    while (high - low > LONG_BUCKET) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(KeyIndexFormat.hash(index, middle), hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < high && Integer.compareUnsigned(KeyIndexFormat.hash(index, low), hash) < 0) {
      low++;
    }
    return low;
  }

  private boolean has(int entry, int end, int hash) {
    return entry < end && KeyIndexFormat.hash(index, entry) == hash;
  }

  private Page page(long position) {
    return pages.page(KeyIndexFormat.pageOf(position, ordinalBits));
  }

  private int ordinal(long position) {
    return KeyIndexFormat.ordinalOf(position, ordinalBits);
  }
}
