package io.timelog.internal.cache;

import io.timelog.internal.memory.MemoryAccount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * One part in memory, with the number of those who use it. A frame is for one part only; the buffer
 * goes on to another frame when this one is evicted. Thread-safe.
 *
 * @param <T> what the part is to its readers
 */
final class Frame<T> {
  /*
   * Life is one number: how often the frame is pinned, or EVICTED, from where it never comes back. Who
   * pins and who evicts agree by it alone, so a hit costs a compare-and-set and no lock.
   */
  private static final int EVICTED = -1;

  private static final VarHandle PINS;

  static {
    try {
      PINS = MethodHandles.lookup().findVarHandle(Frame.class, "pins", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CachedParts<T> owner;
  private final int number;
  private final T part;
  private final ByteBuffer bytes;
  private final MemoryAccount memory;

  private volatile int pins = 1;

  /*
   * Whether somebody used it, and came back to it since the hand of the clock did. Hints, so races are
   * fine.
   */
  private boolean used;
  private boolean usedAgain;

  /** Its place in the clock; guarded by the cache. */
  private int place;

  /**
   * A frame that is pinned once, for who makes it.
   *
   * @param memory paid for the buffer
   */
  Frame(CachedParts<T> owner, int number, T part, ByteBuffer bytes, MemoryAccount memory) {
    this.owner = owner;
    this.number = number;
    this.part = part;
    this.bytes = bytes;
    this.memory = memory;
  }

  int number() {
    return number;
  }

  T part() {
    return part;
  }

  int capacity() {
    return bytes.capacity();
  }

  /** One more user; false if the frame was evicted. */
  boolean tryPin() {
    int now = pins;
    while (now != EVICTED) {
      if (PINS.compareAndSet(this, now, now + 1)) {
        if (now == 0) {
          owner.pinned(capacity());
        }
        return true;
      }
      now = pins;
    }
    return false;
  }

  /** One user less. */
  void unpin() {
    if ((int) PINS.getAndAdd(this, -1) == 1) {
      owner.pinned(-capacity());
    }
  }

  /** How many use it; may be another number at once. */
  int pins() {
    return Math.max(0, pins);
  }

  /** Ends the frame if nobody uses it; true for one caller only. */
  boolean tryEvict() {
    return PINS.compareAndSet(this, 0, EVICTED);
  }

  /** Gives the buffer back, when the frame was evicted. */
  void free() {
    owner.evicted(number, this);
    memory.give(bytes);
  }

  /** Notes that somebody uses it, for the first time or again. */
  void use() {
    if (!used) {
      used = true;
    } else if (!usedAgain) {
      usedAgain = true;
    }
  }

  /** Whether somebody came back to it since this was asked last. */
  boolean takeUse() {
    boolean was = usedAgain;
    usedAgain = false;
    return was;
  }

  int place() {
    return place;
  }

  void setPlace(int next) {
    place = next;
  }
}
