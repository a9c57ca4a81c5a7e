package io.timelog.benchmarks.kafka.query;

import io.timelog.benchmarks.workload.CpuClock;
import java.util.concurrent.TimeUnit;

/**
 * Does the job of a store, with a commit every 100 ms of its own CPU time if it is transactional.
 */
final class Writer {
  /*
   * By the wall clock there would be five times as many commits to a put while the thread waits for a
   * processor, and what is compared must be the same puts with the same commits.
   */
  private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final StoreJob job;
  private final Transactions transactions;
  private long nanosSinceCommit;

  Writer(StoreJob job, Transactions transactions) {
    this.job = job;
    this.transactions = transactions;
  }

  StoreJob job() {
    return job;
  }

  /**
   * What some puts cost, each, in nanoseconds of CPU time.
   *
   * @param putNanos of the thread that puts, with its commits
   * @param processNanos of all threads, but for making what is put
   * @param commitNanos of commits
   */
  record Cost(double putNanos, double processNanos, double commitNanos) {}

  /** Makes so many puts. */
  Cost write(long puts) {
    long nanos = 0;
    long commitNanos = 0;
    long othersStart = CpuClock.otherThreadsNanos();
    for (long left = puts; left > 0; left -= StoreJob.BATCH) {
      long batchNanos = writeBatch((int) Math.min(left, StoreJob.BATCH));
      nanos += batchNanos;
      nanosSinceCommit += batchNanos;
      if (transactions == Transactions.ON
          && (nanosSinceCommit >= COMMIT_NANOS || job.mustCommit())) {
        commitNanos += commit();
      }
    }
    nanos += commitNanos;
    long allNanos = nanos + CpuClock.otherThreadsNanos() - othersStart;
    return new Cost((double) nanos / puts, (double) allNanos / puts, (double) commitNanos / puts);
  }

  private long writeBatch(int puts) {
    job.prepare(puts);
    long start = CpuClock.threadNanos();
    for (int i = 0; i < puts; i++) {
      job.put(i);
    }
    return CpuClock.threadNanos() - start;
  }

  /** Goes on to the moment before the next commit. */
  void writeUntilCommit() {
    while (nanosSinceCommit < COMMIT_NANOS) {
      nanosSinceCommit += writeBatch(StoreJob.BATCH);
    }
  }

  /** Commits, and says how long it took. */
  long commit() {
    long start = CpuClock.threadNanos();
    job.commit();
    nanosSinceCommit = 0;
    return CpuClock.threadNanos() - start;
  }
}
