package io.timelog.internal.upkeep;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that take steps for their members, which are stores. Members that have work stand in
 * line; a free thread takes one step for the first of them, and if there is more to do, the member
 * goes to the end of the line. No member has two threads at once. Thread-safe.
 */
public final class MaintenanceThreads {

  /*
   * There are as many threads as members, up to a bound, and they end when there are fewer members. They
   * are started when a member joins, and not when it is first woken, because who wakes is a write, which
   * is not to fail for want of a thread.
   *
   * A thread works for strangers one after the other, so nothing of one step may reach the next: neither
   * its name nor its class loader, nor the interrupt that a listener has left.
   */
  private static final String IDLE_NAME = "timelog-maintenance";

  private final int maxThreads;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when a member stands in line, or has left. */
  private final Condition changed = lock.newCondition();

  /** Signalled when a step has ended that somebody may wait for. */
  private final Condition stepped = lock.newCondition();

  private final ArrayDeque<Member> line = new ArrayDeque<>();
  private int members;
  private int threads;

  /** No thread as yet, and at most so many of them. */
  public MaintenanceThreads(int maxThreads) {
    this.maxThreads = maxThreads;
  }

  /** How many threads there are at most. */
  public int maxThreads() {
    return maxThreads;
  }

  /** How many members there are. */
  public int members() {
    lock.lock();
    try {
      return members;
    } finally {
      lock.unlock();
    }
  }

  /** How many threads there are. */
  int threads() {
    lock.lock();
    try {
      return threads;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a member, which has no work as yet.
   *
   * @param name threads have it in their names during a step for this member
   * @param step takes a step, and returns whether there is more to do; throws nothing
   */
  Member join(String name, BooleanSupplier step) {
    Member member = new Member(name, step);
    lock.lock();
    try {
      if (threads < maxThreads && threads <= members) {
        startThread();
      }
      members++;
    } finally {
      lock.unlock();
    }
    return member;
  }

  private void startThread() {
    Thread thread = new Thread(null, this::run, IDLE_NAME, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    threads++;
  }

  private void run() {
    for (Member next = takeFirst(); next != null; next = takeFirst()) {
      boolean more = false;
      try {
        more = next.takeStep();
      } finally {
        endStep(next, more);
      }
    }
  }

  /** The member that gets the calling thread; null if the thread is not needed any more. */
  private @Nullable Member takeFirst() {
    lock.lock();
    try {
      while (line.isEmpty()) {
        if (threads > members) {
          threads--;
          return null;
        }
        changed.awaitUninterruptibly();
      }
      Member first = line.remove();
      first.hasWork = false;
      first.isStepping = true;
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void endStep(Member member, boolean more) {
    lock.lock();
    try {
      member.isStepping = false;
      member.hasWork = !member.hasLeft && (member.hasWork || more);
      if (member.hasWork) {
        line.add(member);
        changed.signal();
      }
      stepped.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A store that is maintained. */
  final class Member {
    private final String name;
    private final BooleanSupplier step;
    private final @Nullable ClassLoader classLoader;

    /* Under the lock. A member that has work stands in line, unless a step is being taken for it. */
    private boolean hasWork;
    private boolean isStepping;
    private boolean hasLeft;

    private Member(String name, BooleanSupplier step) {
      this.name = name;
      this.step = step;
      classLoader = Thread.currentThread().getContextClassLoader();
    }

    /** Says that there may be work; does nothing if the member has left. */
    void wake() {
      lock.lock();
      try {
        if (hasWork || hasLeft) {
          return;
        }
        hasWork = true;
        if (!isStepping) {
          line.add(this);
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    /**
     * Takes the member out, and waits for the end of a step that is being taken for it, also if the
     * caller is interrupted. Once; not for the thread that takes the step.
     */
    void leave() {
      lock.lock();
      try {
        hasLeft = true;
        line.remove(this);
        members--;
        changed.signalAll();
        while (isStepping) {
          stepped.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }

    private boolean takeStep() {
      Thread thread = Thread.currentThread();
      thread.setName(IDLE_NAME + "-" + name);
      thread.setContextClassLoader(classLoader);
      try {
        return step.getAsBoolean();
      } finally {
        thread.setName(IDLE_NAME);
        thread.setContextClassLoader(null);
        Thread.interrupted();
      }
    }
  }
}
