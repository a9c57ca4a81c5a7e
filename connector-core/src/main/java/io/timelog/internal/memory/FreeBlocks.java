package io.timelog.internal.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The free blocks of an arena, in one list per class of sizes. What they are described by lies in
 * the blocks themselves.
 *
 * <p>Not thread-safe: for the owner of the arena.
 */
final class FreeBlocks {
  /*
   * Sizes above 256 bytes have sixteen classes per power of two, and blocks are as long as the sizes of
   * classes, so that blocks of similar size can take each other's place. What is left when a block is cut
   * from a larger one becomes a free block again, of whatever size; it is in the class that it is large
   * enough for. Free neighbours are not merged.
   *
   * All free blocks of a slab can be found when it becomes empty, because they are then one behind the
   * other:
   *
   *   0  size in bytes; 1 more if the block is in a list
   *   4  next in the list
   *   8  previous in the list
   *
   * What is too small for that, eight bytes, has its size only, as have blocks in slabs that are closed.
   */

  /** Classes of sizes between one power of two and the next. */
  static final int CLASSES_PER_DOUBLING = 16;

  private static final int FREE_BYTES = 0;
  private static final int FREE_NEXT = 4;
  private static final int FREE_PREVIOUS = 8;
  private static final int LISTED = 1;

  /** Up to this size there is a class for every multiple of eight. */
  private static final int EXACT_BYTES = 256;

  private static final int EXACT_BITS = 8;
  private static final int EXACT_CLASSES = EXACT_BYTES / Arena.UNIT;

  /** Free blocks, other than those that are asked for, may be as large as a slab. */
  private static final int CLASSES = classOf(MemoryAccount.MAX_SLAB_BYTES) + 1;

  private static final int[] NO_LISTS = {};

  private final Arena arena;

  /** The first free block of each class; made when the first block is freed. */
  private int[] lists = NO_LISTS;

  /** A bit for each list that is not empty. */
  private final long[] filled = new long[(CLASSES + Long.SIZE - 1) / Long.SIZE];

  FreeBlocks(Arena arena) {
    this.arena = arena;
  }

  /** The smallest size of a class that is not smaller than {@code size}, a multiple of eight. */
  static int roundedUp(int size) {
    if (size <= EXACT_BYTES) {
      return size;
    }
    int step = Integer.highestOneBit(size - 1) / CLASSES_PER_DOUBLING;
    return (size + step - 1) & -step;
  }

  /** The largest size of a class that is not larger than {@code size}, a multiple of eight. */
  static int roundedDown(int size) {
    return size <= EXACT_BYTES
        ? size
        : size & -(Integer.highestOneBit(size) / CLASSES_PER_DOUBLING);
  }

  /** The class whose size is the largest that is not larger than {@code size}. */
  private static int classOf(int size) {
    if (size <= EXACT_BYTES) {
      return size / Arena.UNIT - 1;
    }
    if (size > MemoryAccount.MAX_SLAB_BYTES) {
      return classOf(MemoryAccount.MAX_SLAB_BYTES);
    }
    int bits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size);
    int step = (1 << bits) / CLASSES_PER_DOUBLING;
    return EXACT_CLASSES
        - 1
        + (bits - EXACT_BITS) * CLASSES_PER_DOUBLING
        + (size - (1 << bits)) / step;
  }

  /** Takes a block of the class of {@code size}; {@link Arena#NONE} if there is none. */
  int take(int size) {
    return lists.length == 0 ? Arena.NONE : takeFrom(classOf(size), size);
  }

  /** Cuts a block from one of a larger class; {@link Arena#NONE} if there is none. */
  int takeLarger(int size) {
    if (lists.length == 0) {
      return Arena.NONE;
    }
    int list = firstFilled(classOf(size) + 1);
    while (list >= 0) {
      int reference = takeFrom(list, size);
      if (reference != Arena.NONE) {
        return reference;
      }
      list = firstFilled(list + 1);
    }
    return Arena.NONE;
  }

  private int takeFrom(int list, int size) {
    int reference = lists[list];
    while (reference != Arena.NONE) {
      int freeBytes = unlist(reference, list);
      if (!arena.isClosed(reference)) {
        if (freeBytes > size) {
          add(Arena.within(reference, size), freeBytes - size);
        }
        return reference;
      }
      reference = lists[list];
    }
    return Arena.NONE;
  }

  /** Whether {@link #takeLarger} would find a block. */
  boolean hasLarger(int size) {
    if (lists.length == 0) {
      return false;
    }
    int list = firstFilled(classOf(size) + 1);
    while (list >= 0) {
      while (lists[list] != Arena.NONE && arena.isClosed(lists[list])) {
        unlist(lists[list], list);
      }
      if (lists[list] != Arena.NONE) {
        return true;
      }
      list = firstFilled(list + 1);
    }
    return false;
  }

  private int firstFilled(int from) {
    int word = from >>> 6;
    if (word >= filled.length) {
      return -1;
    }
    long bits = filled[word] & -1L << from;
    while (bits == 0) {
      if (++word == filled.length) {
        return -1;
      }
      bits = filled[word];
    }
    return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }

  /**
   * Describes a free block and puts it into its list, unless it is too small or may not be used.
   */
  void add(int reference, int size) {
    ByteBuffer slab = arena.buffer(reference);
    int offset = Arena.offset(reference);
    if (size < Arena.MIN_BLOCK_BYTES || arena.isClosed(reference)) {
      slab.putInt(offset + FREE_BYTES, size);
      return;
    }
    if (lists.length == 0) {
      lists = new int[CLASSES];
    }
    int list = classOf(size);
    int head = lists[list];
    slab.putInt(offset + FREE_BYTES, size + LISTED);
    slab.putInt(offset + FREE_NEXT, head);
    slab.putInt(offset + FREE_PREVIOUS, Arena.NONE);
    if (head != Arena.NONE) {
      arena.buffer(head).putInt(Arena.offset(head) + FREE_PREVIOUS, reference);
    }
    lists[list] = reference;
    filled[list >>> 6] |= 1L << list;
  }

  /** Takes a block out of its list; returns its size. */
  private int unlist(int reference, int list) {
    ByteBuffer slab = arena.buffer(reference);
    int offset = Arena.offset(reference);
    int size = slab.getInt(offset + FREE_BYTES) - LISTED;
    int after = slab.getInt(offset + FREE_NEXT);
    int before = slab.getInt(offset + FREE_PREVIOUS);
    slab.putInt(offset + FREE_BYTES, size);
    if (after != Arena.NONE) {
      arena.buffer(after).putInt(Arena.offset(after) + FREE_PREVIOUS, before);
    }
    if (before != Arena.NONE) {
      arena.buffer(before).putInt(Arena.offset(before) + FREE_NEXT, after);
    } else {
      lists[list] = after;
      if (after == Arena.NONE) {
        filled[list >>> 6] &= ~(1L << list);
      }
    }
    return size;
  }

  /**
   * Takes the blocks of a slab out of their lists, which has no others up to an offset.
   *
   * @param start the reference to the start of the slab
   */
  void removeAll(int start, int end) {
    ByteBuffer slab = arena.buffer(start);
    int offset = 0;
    while (offset < end) {
      int size = slab.getInt(offset + FREE_BYTES);
      if ((size & LISTED) != 0) {
        size -= LISTED;
        unlist(Arena.within(start, offset), classOf(size));
      }
      offset += size;
    }
  }

  /** Forgets all blocks. */
  void clear() {
    lists = NO_LISTS;
    Arrays.fill(filled, 0);
  }
}
