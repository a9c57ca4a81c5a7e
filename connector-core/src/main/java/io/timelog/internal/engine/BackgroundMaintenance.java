package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maintenance thread of a store: sleeps until it is woken, then works until nothing is left.
 */
final class BackgroundMaintenance {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMaintenance.class);

  private final StoreEngine store;
  private final Semaphore work = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  BackgroundMaintenance(StoreEngine store) {
    this.store = store;
  }

  void start() {
    Thread thread = new Thread(this::run, "timelog-maintenance-" + store.name());
    thread.setDaemon(true);
    thread.start();
  }

  void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  /** Lets the thread finish what it is doing and waits for it. */
  void stop() {
    stopping = true;
    work.release();
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        work.acquireUninterruptibly();
        work.drainPermits();
        boolean more = true;
        while (more && !stopping) {
          more = step();
        }
        if (stopping) {
          return;
        }
      }
    } finally {
      ended.countDown();
    }
  }

  private boolean step() {
    try {
      return store.maintain();
    } catch (MemoryBudgetExceededException e) {
      LOG.warn(
          "Maintenance found no memory and waits for the next write: store={}", store.name(), e);
    } catch (RuntimeException e) {
      LOG.error("Maintenance failed and waits for the next write: store={}", store.name(), e);
    }
    return false;
  }
}
