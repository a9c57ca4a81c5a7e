package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the key index, which finds a key by its hash.
 *
 * <pre>
 *   offset    size  field
 *        0      8k  entries, by hash as an unsigned number, equal hashes in key order:
 *                      0  4  hash of the key
 *                      4  4  position of the key: number of its first page * 2^o + its ordinal
 *       8k  4(2^b+1)  first entry of each bucket (i32) and, last, k; bucket i holds the hashes whose
 *                   highest b bits are i
 *                   zeros up to a multiple of 8
 * </pre>
 *
 * <p>k, o and b are in the {@linkplain FooterFormat footer}. An average bucket has {@value
 * #KEYS_PER_BUCKET} keys or fewer, so a lookup usually reads one bucket and one or two cache lines
 * of entries. Only the key's own bytes, in its page, decide whether it is the key. Where many keys
 * have one hash, by bad luck or by bad intent, their order allows a binary search by these bytes.
 */
public final class KeyIndexFormat {
  /** Keys of an average bucket, at most. */
  static final int KEYS_PER_BUCKET = 8;

  private static final int ENTRY_BYTES = 2 * Integer.BYTES;
  private static final int POSITION_OFFSET = Integer.BYTES;

  private KeyIndexFormat() {}

  /** How many of a hash's highest bits choose the bucket. */
  public static int bucketBits(int keyCount) {
    int buckets = (int) ((keyCount + (KEYS_PER_BUCKET - 1L)) / KEYS_PER_BUCKET);
    return buckets <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(buckets - 1);
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

  /** The bucket of a hash. */
  public static int bucket(int hash, int bucketBits) {
    return (int) ((hash & 0xFFFFFFFFL) >>> (Integer.SIZE - bucketBits));
  }

  /** The length in bytes of an index, which may be too long for one section. */
  public static long length(int keyCount, int bucketBits) {
    return Sections.align((long) ENTRY_BYTES * keyCount + Integer.BYTES * ((1L << bucketBits) + 1));
  }

  /** A zeroed buffer of this length. */
  public static ByteBuffer allocate(int length) {
    return Sections.allocate(length);
  }

  /** Writes an entry. */
  public static void putEntry(ByteBuffer index, int entry, int hash, long position) {
    index.putInt(ENTRY_BYTES * entry, hash);
    index.putInt(ENTRY_BYTES * entry + POSITION_OFFSET, (int) position);
  }

  /** The hash of an entry. */
  public static int hash(ByteBuffer index, int entry) {
    return index.getInt(ENTRY_BYTES * entry);
  }

  /** The position of an entry. */
  public static long position(ByteBuffer index, int entry) {
    return index.getInt(ENTRY_BYTES * entry + POSITION_OFFSET) & 0xFFFFFFFFL;
  }

  /** Writes where a bucket starts. */
  public static void putBucketStart(ByteBuffer index, int keyCount, int bucket, int entry) {
    index.putInt(ENTRY_BYTES * keyCount + Integer.BYTES * bucket, entry);
  }

  /** The first entry of a bucket; for the bucket after the last, the number of entries. */
  public static int bucketStart(ByteBuffer index, int keyCount, int bucket) {
    return index.getInt(ENTRY_BYTES * keyCount + Integer.BYTES * bucket);
  }
}
