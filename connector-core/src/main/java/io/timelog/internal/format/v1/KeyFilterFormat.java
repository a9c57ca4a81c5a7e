package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the key filter, a Bloom filter that tells of most keys that the segment does not have
 * them, so that no block of the key index is read for these. Segments of fewer than {@value
 * #MIN_KEYS} keys have none: their key index is one block.
 *
 * <p>The filter is an array of n blocks of {@value #BLOCK_BYTES} bytes, with {@value #BITS_PER_KEY}
 * bits for each key, rounded up to whole blocks. A block is eight words (i32). A key sets a bit of
 * each word of one block:
 *
 * <pre>
 *   block         (hash * n) >>> 32, of the hash as an unsigned number
 *   bit of word i the highest 5 bits of hash * salt(i), of the product's low 32 bits
 *   salts         47b6137b 44974d91 8824ad5b a2b7289d 705495c7 2df1424b 9efc4947 5c6bfb31
 * </pre>
 *
 * <p>A lookup reads one or two cache lines. About one in a hundred absent keys is not told.
 *
 * <p>This is the split block Bloom filter of Apache Parquet, with its salts; it goes back to
 * "Cache-, Hash- and Space-Efficient Bloom Filters" (Putze, Sanders, Singler, 2007).
 */
public final class KeyFilterFormat {
  /** With fewer keys there is no filter. */
  public static final int MIN_KEYS = 256;

  /** Bits of the filter for each key. */
  static final int BITS_PER_KEY = 10;

  /** Length of a block. */
  static final int BLOCK_BYTES = 32;

  private static final int BLOCK_BITS = Byte.SIZE * BLOCK_BYTES;

  /** A product's bits below those that choose the bit of a word. */
  private static final int BIT_SHIFT = Integer.SIZE - 5;

  private static final int SALT_0 = 0x47b6137b;
  private static final int SALT_1 = 0x44974d91;
  private static final int SALT_2 = 0x8824ad5b;
  private static final int SALT_3 = 0xa2b7289d;
  private static final int SALT_4 = 0x705495c7;
  private static final int SALT_5 = 0x2df1424b;
  private static final int SALT_6 = 0x9efc4947;
  private static final int SALT_7 = 0x5c6bfb31;

  private KeyFilterFormat() {}

  /** The length in bytes of a filter of so many keys; 0 if there is none. */
  public static int length(int keyCount) {
    if (keyCount < MIN_KEYS) {
      return 0;
    }
    long bits = (long) BITS_PER_KEY * keyCount;
    return BLOCK_BYTES * (int) ((bits + BLOCK_BITS - 1) / BLOCK_BITS);
  }

  /** A filter without keys, of this length. */
  public static ByteBuffer allocate(int length) {
    return Sections.allocate(length);
  }

  /** Adds the hash of a key. */
  public static void add(ByteBuffer filter, int hash) {
    int at = block(filter, hash);
    set(filter, at, hash * SALT_0);
    set(filter, at + 4, hash * SALT_1);
    set(filter, at + 8, hash * SALT_2);
    set(filter, at + 12, hash * SALT_3);
    set(filter, at + 16, hash * SALT_4);
    set(filter, at + 20, hash * SALT_5);
    set(filter, at + 24, hash * SALT_6);
    set(filter, at + 28, hash * SALT_7);
  }

  /** Whether a key of this hash may have been added; if this is false, none was. */
  public static boolean mayContain(ByteBuffer filter, int hash) {
    int at = block(filter, hash);
    return isSet(filter, at, hash * SALT_0)
        && isSet(filter, at + 4, hash * SALT_1)
        && isSet(filter, at + 8, hash * SALT_2)
        && isSet(filter, at + 12, hash * SALT_3)
        && isSet(filter, at + 16, hash * SALT_4)
        && isSet(filter, at + 20, hash * SALT_5)
        && isSet(filter, at + 24, hash * SALT_6)
        && isSet(filter, at + 28, hash * SALT_7);
  }

  private static int block(ByteBuffer filter, int hash) {
    long blocks = filter.limit() / BLOCK_BYTES;
    return BLOCK_BYTES * (int) (((hash & 0xFFFFFFFFL) * blocks) >>> Integer.SIZE);
  }

  private static void set(ByteBuffer filter, int word, int product) {
    filter.putInt(word, filter.getInt(word) | 1 << (product >>> BIT_SHIFT));
  }

  private static boolean isSet(ByteBuffer filter, int word, int product) {
    return (filter.getInt(word) >>> (product >>> BIT_SHIFT) & 1) != 0;
  }
}
