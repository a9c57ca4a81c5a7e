package io.timelog.internal.memory;

import io.timelog.TimelogInternalException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Blocks of memory for one owner, in slabs that are taken from a pool when they are needed and
 * given back as soon as no block in them is in use.
 *
 * <p>A block is named by a <em>reference</em> of 32 bits, so that links between blocks stay small:
 *
 * <pre>
 *   bits  31..15  number of the slab (1 to 131,071)
 *   bits  14..0   offset in the slab, in units of 8 bytes
 * </pre>
 *
 * <p>A block larger than an eighth of a slab gets a slab of its own, in which it starts at offset
 * 0. Reference 0 is never given out and means "none". The first slabs are small and grow by four,
 * so an arena with three entries costs 4 KiB.
 *
 * <p>One thread allocates and frees; other threads may resolve a reference that was published to
 * them with release and acquire, as long as its block is not freed.
 */
public final class Arena {
  /*
   * New blocks are cut from the end of the present slab, but free blocks are used first. When no block of
   * its class is free and the present slab is full, a block is cut from a larger free one. What has become
   * too scattered is moved by the owner, who closes sparse slabs for allocation and copies what lives in
   * them.
   */

  /** The reference that names no block. */
  public static final int NONE = 0;

  /** A larger block gets a slab of its own: it would waste too much of a shared one. */
  public static final int MAX_SHARED_BLOCK_BYTES = MemoryAccount.MAX_SLAB_BYTES / 8;

  private static final int SHARED_PER_SLAB = MemoryAccount.MAX_SLAB_BYTES / MAX_SHARED_BLOCK_BYTES;

  /** Blocks are aligned to this, and their sizes are multiples of it. */
  static final int UNIT = Long.BYTES;

  static final int MIN_BLOCK_BYTES = 2 * UNIT;

  /** Left free at the end of a slab, so that eight bytes may be read where fewer were written. */
  private static final int GUARD = Long.BYTES;

  private static final int OFFSET_BITS = 15;
  private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;
  private static final int MAX_SLABS = 1 << (Integer.SIZE - OFFSET_BITS);

  /** An arena that has fewer numbers left counts as full: one write takes several slabs. */
  private static final int SPARE_SLABS = 1024;

  /** The part of what is free in many blocks into which others will surely fit. */
  private static final int FITTING_PART = 2;

  /** Fills freed blocks if assertions are on, so that a use after free shows. */
  private static final long POISON = 0xDBDBDBDBDBDBDBDBL;

  /** At the beginning of a block. Poison in all of it would dominate what tests measure. */
  private static final int POISONED_BYTES = 128;

  private static final ByteBuffer NO_SLAB = ByteBuffer.allocate(0);

  private final MemoryAccount pool;
  private final int maxSlabBytes;

  /** A larger block gets a slab of its own; at most {@link #MAX_SHARED_BLOCK_BYTES}. */
  private final int maxSharedBlockBytes;

  /** By number; {@link #NO_SLAB} where the number is not in use. Number 0 never is. */
  private ByteBuffer[] slabs = {NO_SLAB, NO_SLAB, NO_SLAB, NO_SLAB};

  /** Bytes of blocks in use, by number of the slab. */
  private int[] live = new int[4];

  /** How far a slab was cut into blocks; of the present one see {@link #next}. */
  private int[] cut = new int[4];

  /** Whether a slab is for many blocks, and not for one large one. */
  private boolean[] shared = new boolean[4];

  /** Whether no block is allocated in a slab any more. */
  private boolean[] closed = new boolean[4];

  /** Which of the closed slabs are to become empty next. */
  private boolean[] emptied = new boolean[4];

  private int[] freeNumbers = new int[4];
  private int freeNumberCount;
  private int slabCount = 1;
  private int current;
  private int next;
  private int limit;
  private long sharedBytes;
  private long bytes;
  private long liveBytes;

  /** The owner wants to be called when less is in use. */
  private long watchedBytes;

  private final FreeBlocks free = new FreeBlocks(this);

  /** An arena without slabs; they are taken from {@code pool} when needed. */
  public Arena(MemoryAccount pool) {
    this.pool = pool;
    this.maxSlabBytes = pool.maxSlabBytes();
    this.maxSharedBlockBytes = maxSlabBytes / SHARED_PER_SLAB;
  }

  /**
   * What a block that is asked for with {@code size} takes. Its owner may use all of it, and gives
   * this number to {@link #free}.
   */
  public static int blockBytes(int size) {
    int least = Math.max(MIN_BLOCK_BYTES, (size + UNIT - 1) & -UNIT);
    return least > MAX_SHARED_BLOCK_BYTES
        ? MemoryAccount.ownSlabBytes(least + GUARD) - GUARD
        : FreeBlocks.roundedUp(least);
  }

  /**
   * Allocates a block of {@link #blockBytes blockBytes(size)} bytes, aligned to 8, with arbitrary
   * content.
   *
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   */
  public int allocate(int size) {
    int rounded = blockBytes(size);
    if (rounded > maxSharedBlockBytes) {
      return inSlabOfItsOwn(rounded);
    }
    int reference = free.take(rounded);
    if (reference == NONE) {
      reference = cutFromSlab(rounded);
    }
    live[reference >>> OFFSET_BITS] += rounded;
    liveBytes += rounded;
    return reference;
  }

  /**
   * Allocates a block of {@link #ownBlockBytes ownBlockBytes(size)} bytes with a slab of its own,
   * which goes back to the pool as soon as the block is freed; with arbitrary content.
   *
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   */
  public int allocateOwnSlab(int size) {
    return inSlabOfItsOwn(ownBlockBytes(size));
  }

  /** What a block takes that gets a slab of its own. */
  public static int ownBlockBytes(int size) {
    return MemoryAccount.ownSlabBytes(size + GUARD) - GUARD;
  }

  /** What such a block asks the budget for. */
  public static int ownSlabBytes(int size) {
    return MemoryAccount.ownSlabBytes(size + GUARD);
  }

  private int inSlabOfItsOwn(int blockBytes) {
    int number = addSlab(MemoryAccount.ownSlabBytes(blockBytes + GUARD));
    cut[number] = blockBytes;
    live[number] += blockBytes;
    liveBytes += blockBytes;
    return reference(number, 0);
  }

  private int cutFromSlab(int size) {
    if (size > limit - next) {
      int larger = free.takeLarger(size);
      if (larger != NONE) {
        return larger;
      }
      int slabBytes = nextSlabBytes(size);
      int number = addSlab(slabBytes);
      shared[number] = true;
      sharedBytes += slabBytes;
      leaveCurrent();
      current = number;
      next = 0;
      limit = slabBytes - GUARD;
    }
    int offset = next;
    next += size;
    return reference(current, offset);
  }

  /** The size of the next slab for small blocks. */
  private int nextSlabBytes(int size) {
    int slabBytes = MemoryAccount.firstSlabBytes();
    while (slabBytes < maxSlabBytes && (slabBytes <= sharedBytes || slabBytes < size + GUARD)) {
      slabBytes = Math.min(4 * slabBytes, maxSlabBytes);
    }
    return slabBytes;
  }

  /** Stops cutting blocks from the present slab; what is left of it becomes a free block. */
  private void leaveCurrent() {
    int left = current;
    if (left == 0) {
      return;
    }
    int rest = limit - next;
    if (rest > 0) {
      free.add(reference(left, next), rest);
    }
    cut[left] = limit;
    current = 0;
    next = 0;
    limit = 0;
    if (live[left] == 0) {
      giveBack(left);
    }
  }

  /**
   * Frees a block, or a part of one that begins and ends at a multiple of eight bytes and is at
   * least sixteen long. Nobody may look at it afterwards. A slab without a block in use goes back
   * to the pool.
   *
   * @param size what it takes, see {@link #blockBytes}
   */
  public void free(int reference, int size) {
    int number = reference >>> OFFSET_BITS;
    live[number] -= size;
    liveBytes -= size;
    assert size >= MIN_BLOCK_BYTES && (size & (UNIT - 1)) == 0 : "size=" + size;
    assert live[number] >= 0 : "freed twice: reference=" + reference;
    assert poison(reference, size);
    free.add(reference, size);
    if (liveBytes < watchedBytes) {
      watchedBytes = 0;
      pool.callWriter();
    }
    if (live[number] > 0) {
      return;
    }
    if (number == current) {
      // Empty again: cut it from the beginning.
      free.removeAll(reference(number, 0), next);
      next = 0;
    } else {
      giveBack(number);
    }
  }

  /** Gives the present slab back, too, if no block in it is in use. */
  public void giveBackUnused() {
    if (current != 0 && live[current] == 0) {
      leaveCurrent();
    }
  }

  private boolean poison(int reference, int size) {
    ByteBuffer slab = buffer(reference);
    int offset = offset(reference);
    for (int i = 0; i < Math.min(size, POISONED_BYTES); i += Long.BYTES) {
      slab.putLong(offset + i, POISON);
    }
    slab.putLong(offset + size - Long.BYTES, POISON);
    return true;
  }

  /** Gives a slab back in which no block is in use. */
  private void giveBack(int number) {
    free.removeAll(reference(number, 0), cut[number]);
    ByteBuffer slab = slabs[number];
    if (shared[number]) {
      sharedBytes -= slab.capacity();
    }
    bytes -= slab.capacity();
    slabs[number] = NO_SLAB;
    closed[number] = false;
    emptied[number] = false;
    if (freeNumberCount == freeNumbers.length) {
      freeNumbers = Arrays.copyOf(freeNumbers, 2 * freeNumberCount);
    }
    freeNumbers[freeNumberCount++] = number;
    pool.give(slab);
  }

  /** The largest block that can be cut from the present slab, in bytes. */
  public int room() {
    return FreeBlocks.roundedDown(Math.min(limit - next, maxSharedBlockBytes));
  }

  /** At most the bytes of slabs taken when blocks of so many bytes in all are allocated next. */
  public long bytesFor(long blockBytes) {
    if (blockBytes == 0) {
      return 0;
    }
    long rounded = withRounding(blockBytes);
    // What is larger may be one block, which gets a slab of its own.
    return rounded <= Math.min(limit - next, maxSharedBlockBytes)
            || (rounded <= maxSharedBlockBytes && free.hasLarger((int) rounded))
        ? 0
        : bytesForSlabs(pool, nextSlabBytes(UNIT), rounded);
  }

  /** As {@link #bytesFor}, in an arena without slabs. */
  public static long bytesForNew(MemoryAccount pool, long blockBytes) {
    return bytesForSlabs(pool, MemoryAccount.firstSlabBytes(), withRounding(blockBytes));
  }

  /** Blocks of so many bytes in all with what is added to each to reach the size of its class. */
  private static long withRounding(long blockBytes) {
    return blockBytes + blockBytes / FreeBlocks.CLASSES_PER_DOUBLING + MIN_BLOCK_BYTES;
  }

  /**
   * One slab if everything fits into the next one. Else: a slab is left when the next block does
   * not fit, and that is at most an eighth of a large one, so large slabs are full to seven
   * eighths, but for the last. A small slab may be left half empty, and the next is at most four
   * times what there is; all small ones together are not as large as a large one.
   */
  private static long bytesForSlabs(MemoryAccount pool, int nextSlab, long blockBytes) {
    int maxSlab = pool.maxSlabBytes();
    if (blockBytes <= Math.min(nextSlab - GUARD, maxSlab / SHARED_PER_SLAB)) {
      return nextSlab;
    }
    long inLargeSlabs = blockBytes + blockBytes / 4 + maxSlab;
    return nextSlab == maxSlab
        ? inLargeSlabs
        : Math.min(inLargeSlabs + maxSlab, 10 * blockBytes + 4L * nextSlab);
  }

  private int addSlab(int slabBytes) {
    if (freeNumberCount == 0 && slabCount == MAX_SLABS) {
      throw new TimelogInternalException("An arena is full: slabs=" + slabCount);
    }
    ByteBuffer slab = pool.take(slabBytes);
    int number;
    if (freeNumberCount > 0) {
      number = freeNumbers[--freeNumberCount];
    } else {
      number = slabCount++;
      if (number == slabs.length) {
        slabs = Arrays.copyOf(slabs, 2 * number);
        Arrays.fill(slabs, number, 2 * number, NO_SLAB);
        live = Arrays.copyOf(live, 2 * number);
        cut = Arrays.copyOf(cut, 2 * number);
        shared = Arrays.copyOf(shared, 2 * number);
        closed = Arrays.copyOf(closed, 2 * number);
        emptied = Arrays.copyOf(emptied, 2 * number);
      }
    }
    slabs[number] = slab;
    cut[number] = 0;
    shared[number] = false;
    bytes += slabBytes;
    return number;
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

  /** Whether no block is allocated any more in the slab of this one. */
  boolean isClosed(int reference) {
    return closed[reference >>> OFFSET_BITS];
  }

  /** Bytes of all slabs of this arena. */
  public long bytes() {
    return bytes;
  }

  /** Bytes of blocks that are free, and of what is too small to be one. */
  public long freeBytes() {
    return bytes - liveBytes - uncutBytes();
  }

  /** Bytes of the present slab that never were in a block. */
  public long uncutBytes() {
    return (long) limit - next;
  }

  /** Bytes of all blocks in use. */
  public long liveBytes() {
    return liveBytes;
  }

  /**
   * Whether only a few more slabs can be named, so that the owner should go on in another arena.
   */
  public boolean isFull() {
    return slabCount - freeNumberCount > MAX_SLABS - SPARE_SLABS;
  }

  /** Whether so little memory is left that what is not used of a block costs too much. */
  public boolean isMemoryShort() {
    return pool.isShort();
  }

  /** A larger block gets a slab of its own. */
  public int maxSharedBlockBytes() {
    return maxSharedBlockBytes;
  }

  /** Whether the slab of the block is for this block alone. */
  public boolean hasOwnSlab(int reference) {
    return !shared[reference >>> OFFSET_BITS];
  }

  /**
   * Whether the block is to be moved: it lies in a slab that was {@linkplain #closeSparse closed}
   * so that it becomes empty.
   */
  public boolean isToBeMoved(int reference) {
    return emptied[reference >>> OFFSET_BITS];
  }

  /**
   * Closes the slabs that have the smallest parts in use, so that their owner can move what is in
   * use and they become empty. A closed slab stays closed until then. What is free in it is out of
   * reach, so only as many are closed as can be emptied into the others and what memory there is.
   *
   * @param mostBytes in all of them no more than this is in use, but in the first
   * @return bytes in use in all closed slabs; -1 if there is no slab worth it
   */
  public long closeSparse(long mostBytes) {
    long closedBytes = 0;
    long openFreeBytes = 0;
    boolean any = false;
    for (int number = 1; number < slabCount; number++) {
      emptied[number] = closed[number];
      if (closed[number]) {
        any = true;
        closedBytes += live[number];
      } else if (shared[number]) {
        openFreeBytes += slabs[number].capacity() - live[number];
      }
    }
    long available = pool.usableBytes();
    for (int number : sparsest(false)) {
      openFreeBytes -= slabs[number].capacity() - live[number];
      long toMove = closedBytes + live[number];
      if ((any && toMove > mostBytes) || toMove > openFreeBytes / FITTING_PART + available) {
        break;
      }
      any = true;
      closed[number] = true;
      emptied[number] = true;
      closedBytes += live[number];
    }
    return any ? closedBytes : -1;
  }

  /**
   * As {@link #closeSparse}, for when memory is short: what is to be moved surely fits into slabs
   * that can be had, whatever the sizes of what is free in the others, and slabs that were closed
   * before wait their turn. So as much as was to be emptied is empty in the end.
   *
   * @param leastBytes what must be free in all slabs
   * @return false if less is, if there is no slab worth it, or none that surely fits
   */
  public boolean closeWhatSurelyFits(long leastBytes) {
    Arrays.fill(emptied, false);
    if (freeBytes() < leastBytes) {
      return false;
    }
    long room = pool.usableBytes() / maxSlabBytes * (maxSlabBytes - maxSharedBlockBytes);
    boolean any = false;
    for (int number : sparsest(true)) {
      room -= live[number];
      if (room < 0) {
        break;
      }
      any = true;
      closed[number] = true;
      emptied[number] = true;
    }
    return any;
  }

  /**
   * The numbers of slabs of which a quarter is free, those with the smallest parts in use first.
   *
   * @param withClosed whether those are wanted that are closed already, too
   */
  private int[] sparsest(boolean withClosed) {
    long[] sparse = new long[slabCount];
    int count = 0;
    for (int number = 1; number < slabCount; number++) {
      int size = slabs[number].capacity();
      boolean isSparse = number != current && shared[number] && live[number] < size - size / 4;
      if (closed[number] ? withClosed : isSparse) {
        long filling = (long) live[number] * (MemoryAccount.MAX_SLAB_BYTES / size);
        sparse[count++] = (filling << Integer.SIZE) | number;
      }
    }
    Arrays.sort(sparse, 0, count);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (int) sparse[i];
    }
    return numbers;
  }

  /**
   * Has the writer look after memory, as it does when some was taken, as soon as less than so many
   * bytes are in use. Once.
   */
  public void watch(long mostBytes) {
    watchedBytes = mostBytes;
  }

  /** Gives all slabs back. No reference may be resolved afterwards. */
  public void close() {
    ByteBuffer[] all = new ByteBuffer[slabCount];
    int count = 0;
    for (int number = 1; number < slabCount; number++) {
      if (slabs[number].capacity() > 0) {
        all[count++] = slabs[number];
      }
    }
    pool.giveAll(all, count, bytes);
    slabs = new ByteBuffer[] {NO_SLAB};
    slabCount = 1;
    freeNumberCount = 0;
    free.clear();
    current = 0;
    next = 0;
    limit = 0;
    sharedBytes = 0;
    bytes = 0;
    liveBytes = 0;
  }
}
