package io.timelog.internal.engine;

import io.timelog.ConcurrentWriterException;
import io.timelog.internal.memtable.WriteMoment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Admits one writer at a time, and lets readers take a consistent moment without holding it up. */
public final class WriterGate {
  /*
   * The writer makes `sequence` odd while it is inside an operation and even when it leaves. A second
   * writer finds it odd, or loses the compare-and-set, and is told.
   *
   * Rows are stamped with `version`. A reader waits until no operation is under way, announces itself
   * in `readers`, and takes the version and the view; if the sequence did not change meanwhile, the
   * three belong to one moment. From then on the writer must not change what is stamped with that
   * version or an earlier one. It learns of the reader when it enters its next operation: the
   * compare-and-set is a full fence, so either the writer sees the reader's announcement, or the reader
   * sees the changed sequence and tries again. When the writer sees a new announcement it remembers the
   * current version as that of the newest reader and moves on to the next version. An announcement is good for one try:
   * the operation that made the try fail has answered it with an earlier version.
   *
   * Without open readers nothing is ever frozen and the version stands still; so the fast path of a
   * write is one compare-and-set, one load and one release store.
   */
  private static final VarHandle SEQUENCE;
  private static final VarHandle READERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SEQUENCE = lookup.findVarHandle(WriterGate.class, "sequence", long.class);
      READERS = lookup.findVarHandle(WriterGate.class, "readers", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** In {@code readers}: the low bits count open readers, the high bits arrivals. */
  private static final long ARRIVAL = 1L << 24;

  private static final long OPEN_MASK = ARRIVAL - 1;

  /** Some hundred nanoseconds to a few microseconds. */
  private static final int PAUSE_SPINS = 64;

  private final String store;
  private volatile long sequence;
  private volatile long readers;
  private volatile long version;
  private long seenReaders;
  private final WriteMoment moment = new WriteMoment();
  private @Nullable Thread writer;

  WriterGate(String store) {
    this.store = store;
  }

  // ---- the writer --------------------------------------------------------------------------

  /**
   * Begins an operation of the writer.
   *
   * @throws ConcurrentWriterException if another thread is inside one
   * @throws IllegalStateException if this thread is, as when a codec writes to its own store
   */
  void enter() {
    long current = sequence;
    if ((current & 1) != 0 || !SEQUENCE.compareAndSet(this, current, current + 1)) {
      refuse();
    }
    writer = Thread.currentThread();
    long now = readers;
    if (now != seenReaders) {
      noteReaders(now);
    }
  }

  private void refuse() {
    if (writer == Thread.currentThread()) {
      throw new IllegalStateException(
          "This thread is in the middle of a write to the same store; a codec or listener must not"
              + " write to it: store="
              + store);
    }
    throw new ConcurrentWriterException(store);
  }

  private void noteReaders(long now) {
    if ((now & OPEN_MASK) == 0) {
      moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
    } else if (now >>> 24 != seenReaders >>> 24) {
      moment.withReaders(0, version);
      nextVersion();
    }
    seenReaders = now;
  }

  /** Ends the operation; what it wrote is visible to every reader that comes later. */
  void exit() {
    writer = null;
    SEQUENCE.setRelease(this, sequence + 1);
  }

  /**
   * Between two operations that follow one another closely: stays out for a moment if readers came
   * since the last one began, for they need the gate to stand still while they look.
   */
  void letReadersIn() {
    if (readers != seenReaders) {
      for (int i = 0; i < PAUSE_SPINS; i++) {
        Thread.onSpinWait();
      }
    }
  }

  /** The version with which rows are stamped now. */
  long version() {
    return version;
  }

  /** What a write has to know about readers. For the writer, inside an operation. */
  WriteMoment moment() {
    return moment;
  }

  /** Ends the current version and returns it. For the writer, inside an operation. */
  long endVersion() {
    long ended = version;
    nextVersion();
    return ended;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer writes it
  private void nextVersion() {
    version = version + 1;
    moment.atVersion(version);
  }

  // ---- readers -----------------------------------------------------------------------------

  /** Announces a reader. Every call needs one of {@link #readerLeft}. */
  void readerArrives() {
    READERS.getAndAdd(this, ARRIVAL + 1);
  }

  /** A reader that was announced is gone. */
  void readerLeft() {
    READERS.getAndAdd(this, -1L);
  }

  /**
   * Waits until no operation is under way, announces the reader again, and returns a ticket for
   * {@link #isStill}.
   */
  @SuppressWarnings("ThreadPriorityCheck") // a writer that lost its processor must get it back
  long awaitMoment() {
    int spins = 0;
    while (true) {
      long current = sequence;
      if ((current & 1) == 0) {
        READERS.getAndAdd(this, ARRIVAL);
        return current;
      }
      if (++spins < 100) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /** Whether no operation began since the ticket was taken. */
  boolean isStill(long ticket) {
    return sequence == ticket;
  }

  /** Number of open readers. */
  long openReaders() {
    return readers & OPEN_MASK;
  }
}
