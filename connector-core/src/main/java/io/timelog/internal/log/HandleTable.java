package io.timelog.internal.log;

import io.timelog.TimelogInternalException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Objects by handle. A handle names a slot and the generation of the slot, so that a handle that
 * was freed is told apart from the one that took its slot over.
 *
 * <p>One thread at a time allocates; any thread reads a handle that was handed to it safely,
 * without a lock; any thread frees. What may still be read must not be freed; the generation is the
 * net below that.
 */
public final class HandleTable<T> {
  /*
   * Slots live in blocks that never move, so a reader needs no lock: it reads the directory of
   * blocks, which only grows, and then the slot. The object is in its slot before the handle leaves
   * allocate(), so whoever received the handle safely sees the object.
   *
   * The allocating thread takes free slots from a stack of its own. When that is empty it swaps it
   * for the stack on which free() puts what comes back, and only this takes the lock.
   *
   *   handle:  | generation 32 | slot 32 |
   */
  private static final int BLOCK_BITS = 12;
  private static final int BLOCK_SIZE = 1 << BLOCK_BITS;
  private static final int BLOCK_MASK = BLOCK_SIZE - 1;

  private static final class Block {
    final @Nullable Object[] objects = new @Nullable Object[BLOCK_SIZE];
    final int[] generations = new int[BLOCK_SIZE];
  }

  private volatile Block[] blocks = new Block[0];

  // Of the allocating thread.
  private int slotsTaken;
  private int[] freeSlots = new int[16];
  private int freeCount;

  // Guarded by returnLock; returnedCount is also read without it, as a hint.
  private final Object returnLock = new Object();
  private int[] returnedSlots = new int[16];
  private volatile int returnedCount;

  /** Keeps {@code object} until its handle is freed. */
  public long allocate(T object) {
    int slot = takeSlot();
    Block block = blocks[slot >>> BLOCK_BITS];
    int index = slot & BLOCK_MASK;
    block.objects[index] = object;
    return ((long) block.generations[index] << Integer.SIZE) | slot;
  }

  /**
   * The object of a handle.
   *
   * @throws TimelogInternalException if the handle was freed
   */
  @SuppressWarnings("unchecked") // allocate() is the only source of objects
  public T get(long handle) {
    int slot = (int) handle;
    Block block = blocks[slot >>> BLOCK_BITS];
    int index = slot & BLOCK_MASK;
    Object object = block.objects[index];
    if (object == null || block.generations[index] != (int) (handle >>> Integer.SIZE)) {
      throw freed("read", handle, block.generations[index]);
    }
    return (T) object;
  }

  /**
   * Lets go of the object of a handle and returns it.
   *
   * @throws TimelogInternalException if the handle was freed before
   */
  @SuppressWarnings("unchecked") // allocate() is the only source of objects
  public T free(long handle) {
    int slot = (int) handle;
    int index = slot & BLOCK_MASK;
    synchronized (returnLock) {
      Block block = blocks[slot >>> BLOCK_BITS];
      Object object = block.objects[index];
      if (object == null || block.generations[index] != (int) (handle >>> Integer.SIZE)) {
        throw freed("freed", handle, block.generations[index]);
      }
      block.objects[index] = null;
      block.generations[index]++;
      if (returnedCount == returnedSlots.length) {
        returnedSlots = Arrays.copyOf(returnedSlots, 2 * returnedCount);
      }
      returnedSlots[returnedCount] = slot;
      returnedCount = returnedCount + 1;
      return (T) object;
    }
  }

  /** Lets go of all objects. No handle may be used and none allocated afterwards. */
  public void clear() {
    synchronized (returnLock) {
      blocks = new Block[0];
    }
  }

  private int takeSlot() {
    if (freeCount == 0 && returnedCount > 0) {
      synchronized (returnLock) {
        int[] empty = freeSlots;
        freeSlots = returnedSlots;
        freeCount = returnedCount;
        returnedSlots = empty;
        returnedCount = 0;
      }
    }
    if (freeCount > 0) {
      return freeSlots[--freeCount];
    }
    if (slotsTaken == blocks.length << BLOCK_BITS) {
      addBlock();
    }
    return slotsTaken++;
  }

  private void addBlock() {
    if (slotsTaken == 1 << (Integer.SIZE - 2)) {
      throw new TimelogInternalException("The handle table is full: slots=" + slotsTaken);
    }
    Block[] grown = Arrays.copyOf(blocks, blocks.length + 1);
    grown[blocks.length] = new Block();
    blocks = grown;
  }

  private static TimelogInternalException freed(String what, long handle, int generation) {
    return new TimelogInternalException(
        "A handle was "
            + what
            + " after it had been freed: slot="
            + (int) handle
            + ", generation="
            + (int) (handle >>> Integer.SIZE)
            + ", current="
            + generation);
  }
}
