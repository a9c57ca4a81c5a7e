package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.workload.CpuClock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.jspecify.annotations.Nullable;

/** What is read off a job while it runs in this JVM; one job at a time. */
final class Gauge {
  /**
   * What a job took.
   *
   * @param threadNanos CPU time of the operator's thread, from its start to its end
   * @param processNanos CPU time of the JVM from the first event to the end of the operator
   * @param wallNanos the same by the clock on the wall
   */
  record Reading(long threadNanos, long processNanos, long wallNanos) {
    private static Reading now() {
      return new Reading(CpuClock.threadNanos(), CpuClock.processNanos(), System.nanoTime());
    }
  }

  private static final AtomicReference<@Nullable Reading> FIRST_EVENT = new AtomicReference<>();
  private static final AtomicReference<@Nullable Reading> START = new AtomicReference<>();
  private static final AtomicReference<@Nullable Reading> END = new AtomicReference<>();
  private static final LongAdder RESULTS = new LongAdder();
  private static final LongAdder CHECKSUM = new LongAdder();

  private Gauge() {}

  /** Before a job. */
  static void reset() {
    FIRST_EVENT.set(null);
    START.set(null);
    END.set(null);
    RESULTS.reset();
    CHECKSUM.reset();
  }

  /** To be called when the first event is made. */
  static void firstEvent() {
    FIRST_EVENT.set(Reading.now());
  }

  /** To be called on the operator's thread before its first event. */
  static void operatorStarts() {
    START.set(Reading.now());
  }

  /** To be called on the operator's thread after its last result. */
  static void operatorEnds() {
    END.set(Reading.now());
  }

  /** What the job took that is over. */
  static Reading reading() {
    Reading first = required(FIRST_EVENT, "made an event");
    Reading start = required(START, "started the operator");
    Reading end = required(END, "ended the operator");
    return new Reading(
        end.threadNanos - start.threadNanos,
        end.processNanos - first.processNanos,
        end.wallNanos - first.wallNanos);
  }

  private static Reading required(AtomicReference<@Nullable Reading> reading, String what) {
    Reading present = reading.get();
    if (present == null) {
      throw new IllegalStateException("The job has never " + what);
    }
    return present;
  }

  static long results() {
    return RESULTS.sum();
  }

  static long checksum() {
    return CHECKSUM.sum();
  }

  /** A number of which no bit tells anything of the other; the mixing of SplitMix64. */
  static long mix(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** Counts results. */
  static final class Counter extends RichMapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long map(Long result) {
      RESULTS.increment();
      CHECKSUM.add(mix(result));
      return result;
    }
  }
}
