package io.timelog.benchmarks.kafka.query;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.QueryConfig;
import org.jspecify.annotations.Nullable;

/** Threads that query a store as fast as they can until they are stopped. */
final class Readers {
  private final StoreJob job;
  private final IsolationLevel level;
  private final QueryConfig config;
  private final List<Reader> readers = new ArrayList<>();
  private final CountDownLatch started;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final long startNanos = System.nanoTime();
  private volatile boolean stopped;

  private Readers(StoreJob job, IsolationLevel level, int threads) {
    this.job = job;
    this.level = level;
    this.config = Transactions.queryConfig(level);
    this.started = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      readers.add(new Reader(i));
    }
  }

  /** Asks one query of each kind on the calling thread. */
  static void askOnce(StoreJob job) {
    IsolationLevel level = IsolationLevel.READ_UNCOMMITTED;
    SplittableRandom random = new SplittableRandom(1);
    job.queryOne(random, level, Transactions.queryConfig(level));
    job.queryMany(random, level, Transactions.queryConfig(level));
  }

  /** Starts them; half ask for one row, half for many. */
  static Readers start(StoreJob job, IsolationLevel level, int threads) {
    Readers readers = new Readers(job, level, threads);
    readers.readers.forEach(Thread::start);
    try {
      readers.started.await();
    } catch (InterruptedException e) {
      throw readers.interrupted(e);
    }
    return readers;
  }

  /**
   * How many queries were answered in a second by the clock.
   *
   * @param ones for one row
   * @param manys for many
   */
  record Answers(double ones, double manys) {
    static final Answers NONE = new Answers(0, 0);
  }

  /**
   * Stops them.
   *
   * @throws IllegalStateException if an answer was wrong
   */
  Answers stop() {
    stopped = true;
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    long[] answers = new long[2];
    for (Reader reader : readers) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      answers[reader.number % 2] += reader.answers;
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("A query went wrong", thrown);
    }
    return new Answers(answers[0] / seconds, answers[1] / seconds);
  }

  private IllegalStateException interrupted(InterruptedException cause) {
    stopped = true;
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted while a store was queried", cause);
  }

  private final class Reader extends Thread {
    private final int number;
    private final SplittableRandom random;
    private long answers;

    Reader(int number) {
      super("reader-" + number);
      this.number = number;
      this.random = new SplittableRandom(number);
      setDaemon(true);
    }

    @Override
    public void run() {
      started.countDown();
      try {
        while (!stopped) {
          if (number % 2 == 0) {
            job.queryOne(random, level, config);
          } else {
            job.queryMany(random, level, config);
          }
          answers++;
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }
  }
}
