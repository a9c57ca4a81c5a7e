package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the key index, which finds a key by its hash. It is cut into blocks, of which a lookup
 * needs one. Where a block ends, and its checksum, is in the {@linkplain BlockDirectoryFormat
 * directory} of the key index.
 *
 * <pre>
 *   offset   size  field
 *        0  4*2^m  end of each bucket (i32): the entries up to it in the block, its own included
 *    4*2^m     8n  entries, by hash as an unsigned number, equal hashes in key order:
 *                     0  4  hash of the key
 *                     4  4  position of the key: number of its first page * 2^o + its ordinal
 * </pre>
 *
 * <p>The highest b bits of a hash are the number of its bucket, and all but the last m of these the
 * number of its block; m is b, but at most {@value #BLOCK_BITS}. o and b are in the {@linkplain
 * FooterFormat footer}. If there are no keys, b is 0 and there is no block.
 *
 * <p>An average bucket has {@value #KEYS_PER_BUCKET} keys or fewer, so a lookup usually reads one
 * bucket and one or two cache lines of entries. An average block has up to {@value #BLOCK_BYTES}
 * bytes, and where there are several, more than half of it. Only the key's own bytes, in its page,
 * decide whether it is the key. Where many keys have one hash, by bad luck or by bad intent, their
 * block is longer, and their order allows a binary search by these bytes.
 */
public final class KeyIndexFormat {
  /** Keys of an average bucket, at most. */
  static final int KEYS_PER_BUCKET = 8;

  /** The bits of a hash that choose a bucket of a block, at most. */
  static final int BLOCK_BITS = 6;

  private static final int ENTRY_BYTES = 2 * Integer.BYTES;
  private static final int POSITION_OFFSET = Integer.BYTES;

  /** The length of an average block, at most. */
  static final int BLOCK_BYTES =
      (1 << BLOCK_BITS) * (Integer.BYTES + ENTRY_BYTES * KEYS_PER_BUCKET);

  private KeyIndexFormat() {}

  /** b: how many of a hash's highest bits choose the bucket. */
  public static int bucketBits(int keyCount) {
    if (keyCount == 0) {
      return 0;
    }
    int buckets = (int) ((keyCount + (KEYS_PER_BUCKET - 1L)) / KEYS_PER_BUCKET);
    // Not 0, so that what comes before the entries of a block ends at a multiple of 8.
    return buckets <= 2 ? 1 : Integer.SIZE - Integer.numberOfLeadingZeros(buckets - 1);
  }

  /** The number of buckets in each block. */
  public static int bucketsOfBlock(int bucketBits) {
    return 1 << Math.min(bucketBits, BLOCK_BITS);
  }

  /** The number of blocks. */
  public static int blockCount(int bucketBits) {
    return bucketBits == 0 ? 0 : 1 << Math.max(0, bucketBits - BLOCK_BITS);
  }

  /** How many bits of a position are the ordinal, if no page has more keys than this. */
  public static int ordinalBits(int maxKeysOfPage) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(maxKeysOfPage - 1);
  }

  /** The position of the key with this ordinal in a page. */
  public static long position(int page, int ordinal, int ordinalBits) {
    return (long) page << ordinalBits | ordinal;
  }

  /** The number of the page in a position. */
  public static int pageOf(long position, int ordinalBits) {
    return (int) (position >>> ordinalBits);
  }

  /** The ordinal in a position. */
  public static int ordinalOf(long position, int ordinalBits) {
    return (int) position & ((1 << ordinalBits) - 1);
  }

  /** The bucket of a hash, among those of all blocks. */
  public static int bucket(int hash, int bucketBits) {
    return (int) ((hash & 0xFFFFFFFFL) >>> (Integer.SIZE - bucketBits));
  }

  /** The block of a bucket. */
  public static int block(int bucket) {
    return bucket >>> BLOCK_BITS;
  }

  /** The number of a bucket in its block. */
  public static int inBlock(int bucket) {
    return bucket & ((1 << BLOCK_BITS) - 1);
  }

  /** The length in bytes of all blocks, which may be too long for an index. */
  public static long length(int keyCount, int bucketBits) {
    return (long) blockCount(bucketBits) * entriesOffset(bucketBits)
        + (long) ENTRY_BYTES * keyCount;
  }

  /** A zeroed buffer of this length. */
  public static ByteBuffer allocate(int length) {
    return Sections.allocate(length);
  }

  /** The offset of the first entry of a block. */
  public static int entriesOffset(int bucketBits) {
    return Integer.BYTES * bucketsOfBlock(bucketBits);
  }

  /** The offset of an entry of a block whose first one is at {@code entriesOffset}. */
  public static int entry(int entriesOffset, int entry) {
    return entriesOffset + ENTRY_BYTES * entry;
  }

  /** How many entries a block of this length has. */
  public static int entryCount(int blockLength, int bucketBits) {
    return (blockLength - entriesOffset(bucketBits)) / ENTRY_BYTES;
  }

  /** Writes the end of a bucket of the block that starts at {@code block}. */
  public static void putBucketEnd(ByteBuffer index, int block, int bucketInBlock, int entry) {
    index.putInt(block + Integer.BYTES * bucketInBlock, entry);
  }

  /** Writes the entry at {@code at}. */
  public static void putEntry(ByteBuffer index, int at, int hash, long position) {
    index.putInt(at, hash);
    index.putInt(at + POSITION_OFFSET, (int) position);
  }

  /** The first entry of a bucket, counted in the block that starts at 0. */
  public static int bucketStart(ByteBuffer block, int bucketInBlock) {
    return bucketInBlock == 0 ? 0 : bucketEnd(block, bucketInBlock - 1);
  }

  /** The entry after the last one of a bucket, counted in the block that starts at 0. */
  public static int bucketEnd(ByteBuffer block, int bucketInBlock) {
    return block.getInt(Integer.BYTES * bucketInBlock);
  }

  /** The hash of the entry at {@code at}. */
  public static int hash(ByteBuffer block, int at) {
    return block.getInt(at);
  }

  /** The position of the entry at {@code at}. */
  public static long position(ByteBuffer block, int at) {
    return block.getInt(at + POSITION_OFFSET) & 0xFFFFFFFFL;
  }
}
