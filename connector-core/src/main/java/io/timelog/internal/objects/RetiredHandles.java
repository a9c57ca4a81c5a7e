package io.timelog.internal.objects;

import org.jspecify.annotations.Nullable;

/**
 * Handles whose entries the engine has dropped, until no open read can meet them any more.
 *
 * <p>A read that opens <em>before</em> it takes its snapshot, and a handle that retires
 * <em>after</em> the state without its entry was published, leave one case in which a read can meet
 * a handle: the read was opened before the handle retired. So a handle is ready as soon as every
 * read that is older than it is closed. Thread-safe; the lock is held for a few instructions and
 * never while a handle is given to a {@link Sink}.
 */
public final class RetiredHandles {
  /*
   * Handles wait in a ring in the order in which they retire, numbered from zero for ever. A read
   * remembers the number that the next handle gets, and reads with the same number share an Epoch.
   * Epochs are born in the order of their numbers, so the oldest that has an open read bounds what is
   * ready, and finding it needs no search.
   */

  /** Receives handles that no read can meet. */
  @FunctionalInterface
  public interface Sink {
    /** Takes one; must not throw. */
    void accept(long timestamp, long handle);
  }

  /** An open read, shared by all that are opened while no handle retires. */
  public static final class Epoch {
    private final long firstVisible;
    private int reads;
    private @Nullable Epoch next;

    private Epoch(long firstVisible) {
      this.firstVisible = firstVisible;
    }
  }

  private static final int INITIAL_CAPACITY = 64;

  private final Object lock = new Object();
  private long[] timestamps = new long[INITIAL_CAPACITY];
  private long[] handles = new long[INITIAL_CAPACITY];
  private long head;
  private long tail;
  private Epoch oldest = new Epoch(0);
  private Epoch newest = oldest;
  private boolean draining;

  // Written under the lock, read as a hint without it.
  private volatile int readyCount;
  private volatile int length;

  /** Starts a read; to be called before the read takes its snapshot. */
  public Epoch open() {
    synchronized (lock) {
      if (newest.firstVisible != tail) {
        Epoch epoch = new Epoch(tail);
        newest.next = epoch;
        newest = epoch;
      }
      newest.reads++;
      dropClosedEpochs();
      return newest;
    }
  }

  /** Ends a read; to be called once, after its last access. */
  public void close(Epoch epoch) {
    synchronized (lock) {
      assert epoch.reads > 0 : "read closed twice";
      epoch.reads--;
      dropClosedEpochs();
      publishCounts();
    }
  }

  /** Adds a handle; to be called after a state without its entry was published. */
  public void retire(long timestamp, long handle) {
    synchronized (lock) {
      if (tail - head == handles.length) {
        grow();
      }
      int index = index(tail);
      timestamps[index] = timestamp;
      handles[index] = handle;
      tail++;
      publishCounts();
    }
  }

  /**
   * Gives at most {@code limit} ready handles to {@code sink}, oldest first. Does nothing while
   * another call is at it, so that a sink is never entered twice at a time.
   */
  public void drain(int limit, Sink sink) {
    if (readyCount == 0) {
      return;
    }
    synchronized (lock) {
      if (draining) {
        return;
      }
      draining = true;
    }
    try {
      for (int i = 0; i < limit; i++) {
        long timestamp;
        long handle;
        synchronized (lock) {
          if (head == readyEnd()) {
            return;
          }
          int index = index(head);
          timestamp = timestamps[index];
          handle = handles[index];
          head++;
          publishCounts();
        }
        sink.accept(timestamp, handle);
      }
    } finally {
      synchronized (lock) {
        draining = false;
      }
    }
  }

  /** Handles that wait, ready or not. */
  public int length() {
    return length;
  }

  /** Whether no read is open, no handle waits and no sink is at work. */
  public boolean isIdle() {
    synchronized (lock) {
      return head == tail && oldest.reads == 0 && !draining;
    }
  }

  private void dropClosedEpochs() {
    while (oldest.reads == 0 && oldest.next != null) {
      oldest = oldest.next;
    }
  }

  private long readyEnd() {
    return oldest.reads > 0 ? oldest.firstVisible : tail;
  }

  private void publishCounts() {
    readyCount = (int) (readyEnd() - head);
    length = (int) (tail - head);
  }

  private int index(long number) {
    return (int) number & (handles.length - 1);
  }

  private void grow() {
    long[] moreTimestamps = new long[2 * handles.length];
    long[] moreHandles = new long[2 * handles.length];
    for (long number = head; number < tail; number++) {
      int index = (int) number & (moreHandles.length - 1);
      moreTimestamps[index] = timestamps[index(number)];
      moreHandles[index] = handles[index(number)];
    }
    timestamps = moreTimestamps;
    handles = moreHandles;
  }
}
