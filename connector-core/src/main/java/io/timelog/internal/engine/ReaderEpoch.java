package io.timelog.internal.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A version and the number of open readers that see it. Readers come while the version is the
 * present one, and may leave at any time; thread-safe.
 */
final class ReaderEpoch {
  private static final VarHandle READERS;

  static {
    try {
      READERS = MethodHandles.lookup().findVarHandle(ReaderEpoch.class, "readers", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long version;
  private volatile int readers;
  private volatile @Nullable ReaderEpoch next;
  private volatile long endedNanos;

  ReaderEpoch(long version) {
    this.version = version;
  }

  /** The newest version of rows that these readers see. */
  long version() {
    return version;
  }

  /** Open readers. */
  int readers() {
    return readers;
  }

  /** One reader more, or an announcement of one. A full fence. */
  void arrive() {
    READERS.getAndAdd(this, 1);
  }

  /** One reader less. */
  void leave() {
    READERS.getAndAdd(this, -1);
  }

  /** One reader more if there is any; false, and nothing changed, if the last has left. */
  boolean tryJoin() {
    while (true) {
      int open = readers;
      if (open == 0) {
        return false;
      }
      if (READERS.compareAndSet(this, open, open + 1)) {
        return true;
      }
    }
  }

  /** The epoch of a newer version that comes after this one; null for the present one. */
  @Nullable ReaderEpoch next() {
    return next;
  }

  /** Links another epoch behind this one. */
  void setNext(@Nullable ReaderEpoch epoch) {
    next = epoch;
  }

  /** Ends the epoch: a newer version begins. */
  void end(ReaderEpoch successor) {
    endedNanos = System.nanoTime();
    next = successor;
  }

  /**
   * When the epoch ended, as told by {@link System#nanoTime()}; meaningless for the present one.
   */
  long endedNanos() {
    return endedNanos;
  }
}
