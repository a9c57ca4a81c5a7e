package io.timelog.internal.engine;

import io.timelog.ConcurrentWriterException;
import io.timelog.internal.memtable.WriteMoment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Admits one writer at a time, and lets readers take a consistent moment without holding it up. */
public final class WriterGate {
  /*
   * The writer makes `sequence` odd while it is inside an operation and even when it leaves. A second
   * writer finds it odd, or loses the compare-and-set, and is told.
   *
   * Rows are stamped with a version. A reader waits until no operation is under way, counts itself in the
   * epoch of the present version, and takes the view; if the sequence did not change meanwhile, version
   * and view belong to one moment. From then on the writer must not change what is stamped with that
   * version or an earlier one. It learns of the reader when it enters its next operation: both the
   * compare-and-set with which it enters and the addition with which the reader counts itself are full
   * fences, so either the writer sees the reader in the present epoch, or the reader sees the changed
   * sequence, leaves the epoch and tries again. When the writer sees readers in the present epoch it ends
   * the epoch and moves on to the next version.
   *
   * An epoch is forgotten when it is not the present one and nobody is counted in it. A reader that read
   * `present` just before can still count itself in it, but the present epoch changes only inside an
   * operation, so that reader finds the sequence changed and leaves again; only readers that were
   * validated rely on being counted.
   *
   * Without open readers nothing is ever frozen and the version stands still; so the fast path of a
   * write is one compare-and-set, two loads and one release store.
   *
   * Between two operations a writer may keep others out while readers come as they like: the gate is
   * then claimed, which is a second bit of the sequence. What is slow or foreign, such as codecs, drop
   * listeners, flushes and merges, runs while the gate is claimed, never inside an operation. A third bit
   * says that the claim is for the relief of another store; the writer of this one then waits for its
   * end instead of being refused.
   */
  private static final VarHandle SEQUENCE;

  static {
    try {
      SEQUENCE = MethodHandles.lookup().findVarHandle(WriterGate.class, "sequence", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long OPERATION = 1;
  private static final long CLAIM = 2;
  private static final long RELIEF = 4;
  private static final long STATE = OPERATION | CLAIM | RELIEF;
  private static final long STEP = STATE + 1;

  /** Some hundred nanoseconds to a few microseconds. */
  private static final int PAUSE_SPINS = 64;

  private static final int SPINS_BEFORE_YIELD = 100;

  private final String store;
  private volatile long sequence;
  private final ReaderEpochs epochs;
  private final AtomicInteger reports = new AtomicInteger();
  private final WriteMoment moment = new WriteMoment();
  private long afterOperation;
  private @Nullable Thread writer;

  WriterGate(String store) {
    this(store, 0, () -> {});
  }

  /**
   * The gate of a store whose first rows are stamped with this version.
   *
   * @param whenManyPassed told by the writer, inside an operation, whenever another {@link
   *     ReaderEpochs#MANY_VERSIONS} versions have passed
   */
  WriterGate(String store, long firstVersion, Runnable whenManyPassed) {
    this.store = store;
    this.epochs = new ReaderEpochs(firstVersion, whenManyPassed);
    moment.atVersion(firstVersion);
  }

  /**
   * Begins an operation of the writer.
   *
   * @throws ConcurrentWriterException if another thread is inside one, or has claimed the gate
   * @throws IllegalStateException if this thread is, as when a codec writes to its own store
   */
  void enter() {
    long now = sequence;
    if ((now & STATE) != 0 || !SEQUENCE.compareAndSet(this, now, now | OPERATION)) {
      acquire(OPERATION);
    }
    writer = Thread.currentThread();
    if (epochs.haveReaders()) {
      epochs.note(moment);
    }
  }

  /** Ends the operation; what it wrote is visible to every reader that comes later. */
  void exit() {
    long state = afterOperation;
    if (state == 0) {
      writer = null;
    }
    SEQUENCE.setRelease(this, (sequence & ~STATE) + STEP + state);
  }

  /**
   * Keeps other writers out without beginning an operation.
   *
   * @throws ConcurrentWriterException if another thread is inside an operation, or has claimed the
   *     gate
   * @throws IllegalStateException if this thread is or has
   */
  void claim() {
    long now = sequence;
    if ((now & STATE) != 0 || !SEQUENCE.compareAndSet(this, now, now | CLAIM)) {
      acquire(CLAIM);
    }
    writer = Thread.currentThread();
    afterOperation = CLAIM;
  }

  /**
   * Claims the gate to relieve another store; false if the writer is in the middle of a write, and
   * stays there for more than a moment.
   */
  boolean tryClaimForRelief() {
    return tryClaim(CLAIM | RELIEF);
  }

  /** As {@link #claim}, but false instead of a refusal. */
  boolean tryClaim() {
    return tryClaim(CLAIM);
  }

  private boolean tryClaim(long claim) {
    for (int i = 0; i < PAUSE_SPINS; i++) {
      long now = sequence;
      if ((now & STATE) == 0 && SEQUENCE.compareAndSet(this, now, now | claim)) {
        writer = Thread.currentThread();
        afterOperation = claim;
        return true;
      }
      if ((now & CLAIM) != 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /**
   * Ends what {@link #claim}, {@link #tryClaim} or {@link #tryClaimForRelief} began, outside of an
   * operation.
   */
  void unclaim() {
    writer = null;
    afterOperation = 0;
    SEQUENCE.setRelease(this, afterClaim());
  }

  /** The ticket for {@link #isStill} that holds when the present claim has ended. */
  long afterClaim() {
    return (sequence & ~STATE) + STEP;
  }

  /** Begins an operation of the thread that has claimed the gate; {@link #exit} ends it. */
  void resume() {
    SEQUENCE.setVolatile(this, sequence | OPERATION);
    if (epochs.haveReaders()) {
      epochs.note(moment);
    }
  }

  /**
   * Ends the operation, but keeps other writers out, until {@link #endPause}.
   *
   * @return what to give to {@link #endPause}
   */
  long pause() {
    long before = afterOperation;
    afterOperation = before | CLAIM;
    exit();
    return before;
  }

  /** Begins an operation again. */
  void endPause(long before) {
    resume();
    afterOperation = before;
  }

  /** Waits for a claim that is for the relief of another store; anything else is refused. */
  @SuppressWarnings("ThreadPriorityCheck") // the other thread must get a processor
  private void acquire(long wanted) {
    int spins = 0;
    while (true) {
      long now = sequence;
      if ((now & STATE) == 0) {
        if (SEQUENCE.compareAndSet(this, now, now | wanted)) {
          return;
        }
      } else if ((now & RELIEF) == 0 || writer == Thread.currentThread()) {
        refuse();
      } else if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void refuse() {
    if (writer == Thread.currentThread()) {
      throw new IllegalStateException(
          "This thread is in the middle of a write to the same store; a codec, a listener, an"
              + " editor or the source of a batch must not write to it: store="
              + store);
    }
    throw new ConcurrentWriterException(store);
  }

  /**
   * Between two operations of a claim that follow one another closely: waits for a moment if
   * readers came since the last one began, for they need the gate to stand still while they look.
   */
  void letReadersIn() {
    if (epochs.haveReaders()) {
      for (int i = 0; i < PAUSE_SPINS; i++) {
        Thread.onSpinWait();
      }
    }
  }

  /** The version with which rows are stamped now. For the writer, inside an operation. */
  long version() {
    return moment.version();
  }

  /** What a write has to know about readers. For the writer, inside an operation. */
  WriteMoment moment() {
    return moment;
  }

  /** Ends the current version and returns its epoch. For the writer, inside an operation. */
  ReaderEpoch endVersion() {
    return epochs.end(moment);
  }

  /**
   * Keeps what a reader of the version that was just ended would see, for a report, until {@link
   * #letGo}. For the writer, inside an operation.
   */
  void hold(ReaderEpoch ended) {
    reports.incrementAndGet();
    epochs.hold(ended, moment);
  }

  /** Ends what {@link #hold} began. Any thread. */
  void letGo(ReaderEpoch held) {
    held.leave();
    reports.decrementAndGet();
  }

  /**
   * Waits until no operation is under way and returns a ticket for {@link #isStill}. A reader then
   * {@linkplain ReaderEpoch#arrive arrives} in the {@link #presentEpoch()}, takes what it wants to
   * see, and leaves and tries again if the moment has passed.
   *
   * @throws IllegalStateException if this thread is inside an operation itself
   */
  @SuppressWarnings("ThreadPriorityCheck") // a writer that lost its processor must get it back
  long awaitMoment() {
    int spins = 0;
    while (true) {
      long now = sequence;
      if ((now & OPERATION) == 0) {
        return now;
      }
      if (writer == Thread.currentThread()) {
        throw new IllegalStateException(
            "This thread is in the middle of a write to the same store, and cannot read it"
                + " meanwhile: store="
                + store);
      }
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /** The epoch of the present version. */
  ReaderEpoch presentEpoch() {
    return epochs.present();
  }

  /** Whether no operation began since the ticket was taken. */
  boolean isStill(long ticket) {
    return sequence == ticket;
  }

  /** Number of open readers, without reports. */
  long openReaders() {
    return Math.max(0, epochs.openReaders() - reports.get());
  }

  /**
   * Nanoseconds since the version ended that the oldest open reader sees; 0 if all see the present
   * one.
   */
  long oldestReaderNanos() {
    return epochs.oldestAgeNanos();
  }
}
