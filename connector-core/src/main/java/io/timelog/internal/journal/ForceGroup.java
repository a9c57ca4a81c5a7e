package io.timelog.internal.journal;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Forces several logs side by side, so that the file system can do it in few steps: one thread that
 * forces one file after the other waits for the disk each time. Thread-safe.
 */
public final class ForceGroup {
  private static final int THREADS = 8;
  private static final long IDLE_SECONDS = 10;

  private static final ForceGroup SHARED = new ForceGroup();

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "timelog-force");
            thread.setDaemon(true);
            return thread;
          });

  private ForceGroup() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** That of the process. */
  public static ForceGroup shared() {
    return SHARED;
  }

  /**
   * Forces those of the logs that wait for it, and returns when all were tried; who failed says so
   * when it is {@linkplain StoreLog#settle() settled}. Called by the writer of all of them. Takes
   * no notice of interrupts.
   */
  public void force(Collection<StoreLog> logs) {
    Collection<StoreLog> waiting = logs.stream().filter(StoreLog::awaitsForce).toList();
    if (waiting.isEmpty()) {
      return;
    }
    CountDownLatch others = new CountDownLatch(waiting.size() - 1);
    Iterator<StoreLog> rest = waiting.iterator();
    StoreLog own = rest.next();
    while (rest.hasNext()) {
      StoreLog log = rest.next();
      threads.execute(
          () -> {
            try {
              log.tryForce();
            } finally {
              others.countDown();
            }
          });
    }
    try {
      own.tryForce();
    } finally {
      await(others);
    }
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
