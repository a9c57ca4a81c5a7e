package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.format.v1.KeyFilterFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.key.Key;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds a key of a segment by its hash. Any number of threads may ask. */
final class KeyIndex {

  /*
   * The filter is asked before a block is read, not before one that is there: the block says as fast
   * that a key is absent, and present keys would pay for both.
   */

  /** What {@link #find} returns for a key that the segment does not have. */
  static final long ABSENT = -1;

  /** Buckets with more entries than this are searched, not walked. */
  private static final int LONG_BUCKET = 16;

  private final SegmentPages pages;
  private final IndexBlocks blocks;
  private final ByteBuffer filter;
  private final boolean filtered;
  private final int bucketBits;
  private final int entriesOffset;
  private final int ordinalBits;

  KeyIndex(SegmentPages pages, IndexBlocks blocks, SegmentSections sections) {
    this.pages = pages;
    this.blocks = blocks;
    filter = sections.keyFilter();
    filtered = filter.hasRemaining();
    bucketBits = sections.footer().bucketBits();
    entriesOffset = KeyIndexFormat.entriesOffset(bucketBits);
    ordinalBits = sections.footer().ordinalBits();
  }

  /**
   * The position of the key, or {@link #ABSENT}. Reads the page of the key to compare its bytes; of
   * {@code n} keys with one hash, about {@code log n} pages. For nearly all absent keys of a
   * segment with many keys, reads nothing.
   *
   * @throws TimelogCorruptionException if what it reads is not as it was written
   */
  long find(Key key) {
    if (bucketBits == 0) {
      return ABSENT;
    }
    Hold ofBlock = blocks.newHold();
    Hold ofPage = pages.newHold();
    try {
      return find(key, ofBlock, ofPage);
    } finally {
      ofPage.letGo();
      ofBlock.letGo();
    }
  }

  private long find(Key key, Hold ofBlock, Hold ofPage) {
    int hash = key.hash();
    int bucket = KeyIndexFormat.bucket(hash, bucketBits);
    ByteBuffer block = block(KeyIndexFormat.block(bucket), hash, ofBlock);
    if (block == null) {
      return ABSENT;
    }
    int inBlock = KeyIndexFormat.inBlock(bucket);
    int end = KeyIndexFormat.bucketEnd(block, inBlock);
    int entry = firstReaching(block, KeyIndexFormat.bucketStart(block, inBlock), end, hash);
    if (!has(block, entry, end, hash)) {
      return ABSENT;
    }
    if (has(block, entry + 1, end, hash)) {
      return findAmongTwins(block, entry, end, key, ofPage);
    }
    long position = position(block, entry);
    return page(position, ofPage).hasKey(ordinal(position), key) ? position : ABSENT;
  }

  /** The block that has the hash, if the segment may have it; else null. */
  private @Nullable ByteBuffer block(int number, int hash, Hold hold) {
    ByteBuffer block = blocks.blockIfLoaded(number, hold);
    if (block != null) {
      return block;
    }
    return filtered && !KeyFilterFormat.mayContain(filter, hash)
        ? null
        : blocks.block(number, hold);
  }

  /** Among entries that begin with those of one hash, which are in key order. */
  private long findAmongTwins(ByteBuffer block, int from, int end, Key key, Hold hold) {
    int hash = key.hash();
    int low = from;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (!has(block, middle, end, hash)) {
        high = middle;
        continue;
      }
      long position = position(block, middle);
      int order = page(position, hold).compareKey(ordinal(position), key);
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
  private int firstReaching(ByteBuffer block, int from, int to, int hash) {
    int low = from;
    int high = to;
    while (high - low > LONG_BUCKET) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(hash(block, middle), hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < high && Integer.compareUnsigned(hash(block, low), hash) < 0) {
      low++;
    }
    return low;
  }

  private boolean has(ByteBuffer block, int entry, int end, int hash) {
    return entry < end && hash(block, entry) == hash;
  }

  private int hash(ByteBuffer block, int entry) {
    return KeyIndexFormat.hash(block, KeyIndexFormat.entry(entriesOffset, entry));
  }

  private long position(ByteBuffer block, int entry) {
    return KeyIndexFormat.position(block, KeyIndexFormat.entry(entriesOffset, entry));
  }

  private Page page(long position, Hold hold) {
    return pages.page(KeyIndexFormat.pageOf(position, ordinalBits), hold);
  }

  private int ordinal(long position) {
    return KeyIndexFormat.ordinalOf(position, ordinalBits);
  }
}
