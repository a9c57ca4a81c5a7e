package io.timelog.internal.upkeep;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maintenance thread of a store: sleeps until it is woken, then works until nothing is left.
 * May be started and stopped any number of times, by any thread but the maintenance thread.
 */
public final class BackgroundMaintenance {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMaintenance.class);

  private final String store;
  private final Rounds rounds;
  private final Runnable chores;
  private volatile @Nullable Worker worker;

  /**
   * Not started.
   *
   * @param chores what is to be done after each round
   */
  public BackgroundMaintenance(String store, Rounds rounds, Runnable chores) {
    this.store = store;
    this.rounds = rounds;
    this.chores = chores;
  }

  /** Starts the thread; does nothing if it runs. */
  public synchronized void start() {
    if (worker == null) {
      Worker started = new Worker();
      worker = started;
      started.start();
    }
  }

  /** Lets the thread finish what it is doing and waits for it; does nothing if none runs. */
  public synchronized void stop() {
    Worker running = worker;
    worker = null;
    if (running != null) {
      running.stop();
    }
  }

  /** Whether the thread runs. */
  public boolean isRunning() {
    return worker != null;
  }

  /** Says that there may be work; does nothing if the thread does not run. */
  public void wake() {
    Worker running = worker;
    if (running != null) {
      running.wake();
    }
  }

  /** One life of the thread. */
  private final class Worker {
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    void start() {
      Thread thread = new Thread(this::run, "timelog-maintenance-" + store);
      thread.setDaemon(true);
      thread.start();
    }

    void wake() {
      if (work.availablePermits() == 0) {
        work.release();
      }
    }

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
        while (!stopping) {
          work.acquireUninterruptibly();
          work.drainPermits();
          boolean more = true;
          while (more && !stopping) {
            more = step();
          }
        }
      } finally {
        ended.countDown();
      }
    }

    /** Whatever happens in a round, the thread lives and looks again when it is woken. */
    private boolean step() {
      try {
        boolean more = rounds.runOnce();
        chores.run();
        return more;
      } catch (RuntimeException | Error failure) {
        LOG.error("Maintenance failed and waits for the next write: store={}", store, failure);
        return false;
      }
    }
  }
}
