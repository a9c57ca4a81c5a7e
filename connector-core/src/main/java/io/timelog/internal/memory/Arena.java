package io.timelog.internal.memory;

import io.timelog.TimelogInternalException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Blocks of memory for one owner, allocated by moving a pointer and given back all at once.
 *
 * <p>A block is named by a <em>reference</em> of 32 bits, so that links between blocks stay small:
 *
 * <pre>
 *   bits  31..17  number of the slab (up to 32,768)
 *   bits  16..0   offset in the slab, in units of 8 bytes
 * </pre>
 *
 * <p>A block larger than an eighth of a slab gets a slab of its own, in which it starts at offset
 * 0. Reference 0 is never given out and means "none". The first slabs are small and grow by four,
 * so an arena with three entries costs 4 KiB.
 *
 * <p>One thread allocates; other threads may resolve a reference that was published to them with
 * release and acquire.
 */
public final class Arena {
  /** The reference that names no block. */
  public static final int NONE = 0;

  /** A larger block gets a slab of its own: it would waste too much of a shared one. */
  public static final int MAX_SHARED_BLOCK_BYTES = SlabPool.MAX_SLAB_BYTES / 8;

  private static final int UNIT = Long.BYTES;

  /** Left free at the end of a slab, so that eight bytes may be read where fewer were written. */
  private static final int GUARD = Long.BYTES;

  private static final int OFFSET_BITS = 17;
  private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;
  private static final int MAX_SLABS = 1 << (Integer.SIZE - OFFSET_BITS);

  private final SlabPool pool;
  private ByteBuffer[] slabs = new ByteBuffer[4];
  private int slabCount;
  private int current = -1;
  private int next;
  private int limit;
  private int regularSlabs;
  private long bytes;

  /** An arena without slabs; they are taken from {@code pool} when needed. */
  public Arena(SlabPool pool) {
    this.pool = pool;
  }

  /**
   * Allocates a block of {@code size} bytes, aligned to 8, with arbitrary content.
   *
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   */
  public int allocate(int size) {
    int rounded = (size + UNIT - 1) & -UNIT;
    if (rounded > limit - next) {
      if (rounded > MAX_SHARED_BLOCK_BYTES) {
        return reference(addSlab(rounded + GUARD), 0);
      }
      int slabBytes = SlabPool.slabBytes(regularSlabs);
      while (slabBytes < UNIT + rounded + GUARD) {
        regularSlabs++;
        slabBytes = SlabPool.slabBytes(regularSlabs);
      }
      current = addSlab(slabBytes);
      regularSlabs++;
      // The very first block of the arena must not get reference 0.
      next = current == 0 ? UNIT : 0;
      limit = slabBytes - GUARD;
    }
    int offset = next;
    next += rounded;
    return reference(current, offset);
  }

  /** The largest block for which there is room in the present slab, in bytes. */
  public int room() {
    return limit - next;
  }

  /** At most the bytes of slabs taken when blocks of so many bytes in all are allocated next. */
  public long bytesFor(long blockBytes) {
    return blockBytes <= limit - next
        ? 0
        : bytesForSlabs(SlabPool.slabBytes(regularSlabs), blockBytes);
  }

  /** As {@link #bytesFor}, in an arena without slabs. */
  public static long bytesForNew(long blockBytes) {
    int first = SlabPool.slabBytes(0);
    long bytes = bytesForSlabs(first, blockBytes);
    return bytes == first ? first : first + bytes;
  }

  /**
   * One slab if everything fits into the next one. Else: a slab is left when the next block does
   * not fit, and that is at most an eighth of a large one; the smaller slabs together are not as
   * large as one of those, and the last may be nearly empty.
   */
  private static long bytesForSlabs(int nextSlab, long blockBytes) {
    return blockBytes <= Math.min(nextSlab - UNIT - GUARD, MAX_SHARED_BLOCK_BYTES)
        ? nextSlab
        : 2 * blockBytes + 2 * SlabPool.MAX_SLAB_BYTES;
  }

  private int addSlab(int slabBytes) {
    if (slabCount == MAX_SLABS) {
      throw new TimelogInternalException("An arena is full: slabs=" + slabCount);
    }
    if (slabCount == 0 && slabBytes != SlabPool.slabBytes(0)) {
      // Keeps reference 0 out of use when the first block is a large one.
      addSlab(SlabPool.slabBytes(0));
      current = 0;
      next = UNIT;
      limit = SlabPool.slabBytes(0) - GUARD;
      regularSlabs = Math.max(regularSlabs, 1);
    }
    ByteBuffer slab = pool.take(slabBytes);
    if (slabCount == slabs.length) {
      slabs = Arrays.copyOf(slabs, slabCount * 2);
    }
    slabs[slabCount] = slab;
    bytes += slabBytes;
    return slabCount++;
  }

  private static int reference(int slab, int offset) {
    return slab << OFFSET_BITS | offset / UNIT;
  }

  /** Names what begins {@code bytes} behind the start of a block and in it; a multiple of 8. */
  public static int within(int reference, int bytes) {
    return reference + bytes / UNIT;
  }

  /** The slab in which the block lies. */
  public ByteBuffer buffer(int reference) {
    return slabs[reference >>> OFFSET_BITS];
  }

  /** Where the block starts in its slab. */
  public static int offset(int reference) {
    return (reference & OFFSET_MASK) * UNIT;
  }

  /** Bytes of all slabs of this arena. */
  public long bytes() {
    return bytes;
  }

  /** Gives all slabs back. No reference may be resolved afterwards. */
  public void close() {
    pool.giveAll(slabs, slabCount, bytes);
    slabs = new ByteBuffer[0];
    slabCount = 0;
    next = 0;
    limit = 0;
    bytes = 0;
  }
}
