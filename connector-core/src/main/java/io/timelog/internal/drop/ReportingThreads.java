package io.timelog.internal.drop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that are inside a drop listener or filter of a store. Thread-safe. */
public final class ReportingThreads {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean any;

  /** None. */
  public ReportingThreads() {}

  /** Whether the calling thread is one of them. Costs next to nothing if there are none. */
  public boolean includeCaller() {
    return any && threads.contains(Thread.currentThread());
  }

  /** The calling thread enters one; false if it is inside already. */
  public synchronized boolean enter() {
    any = true;
    return threads.add(Thread.currentThread());
  }

  /** The calling thread has left it. */
  public synchronized void leave() {
    threads.remove(Thread.currentThread());
    any = !threads.isEmpty();
  }
}
