package io.timelog.benchmarks.flink.timer;

import io.timelog.benchmarks.flink.Draws;
import io.timelog.benchmarks.flink.Subtask;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.InternalPriorityQueue;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Weighs the timers of one place in this JVM: adds as many as asked for, goes on as a job does that
 * makes a timer for each that is due, and takes out all that are left.
 */
public final class TimerRun {
  /** What a timer that is due costs, and the one that is made for it. */
  public static final String STEADY = "poll and add";

  private static final long REHEARSAL_NANOS = 6_000_000_000L;
  private static final long REHEARSAL_NANOS_PER_TIMER = 20_000;
  private static final int REHEARSED_TIMERS = 20_000;

  /** More than a timer takes outside of the heap. */
  private static final long TOUCHED_BYTES_PER_TIMER = 200;

  private TimerRun() {}

  /** Answers one {@link TimerInput} with {@link TimerCosts}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, TimerInput.class, (id, input) -> measure(TimerPlace.of(id), input));
  }

  /** Weighs it in a JVM of its own. */
  public static TimerCosts inChild(ChildJvm jvm, TimerPlace place, TimerInput input) {
    return place == TimerPlace.ROCKSDB
        ? jvm.runOnFlinkRocksDb(TimerRun.class, place.id(), input, TimerCosts.class)
        : jvm.keepingNativeMemory().run(TimerRun.class, place.id(), input, TimerCosts.class);
  }

  /** Weighs it in this JVM. */
  public static TimerCosts measure(TimerPlace place, TimerInput input) {
    int largest = input.sizes().stream().mapToInt(Integer::intValue).max().orElse(1);
    if (input.rehearsed()) {
      long enough = Math.min(REHEARSAL_NANOS, largest * REHEARSAL_NANOS_PER_TIMER);
      long start = CpuClock.threadNanos();
      do {
        costs(place, input.shape(), Math.min(largest, REHEARSED_TIMERS));
      } while (CpuClock.threadNanos() - start < enough);
      if (place == TimerPlace.TABLES) {
        NativeMemory.touch(largest * TOUCHED_BYTES_PER_TIMER);
      }
    }
    List<TimerCost> costs = new ArrayList<>();
    for (int size : input.sizes()) {
      costs.addAll(costs(place, input.shape(), size));
    }
    return new TimerCosts(costs);
  }

  private static List<TimerCost> costs(TimerPlace place, TimerShape shape, int timers) {
    return TemporaryDirectory.emptied(
        "place=" + place.id() + ", shape=" + shape.id() + ", timers=" + timers,
        directory -> {
          try (Subtask subtask = Subtask.open(place.backend(directory), directory)) {
            return new Round(place, shape, timers, queue(subtask)).costs();
          }
        });
  }

  private static InternalPriorityQueue<TimerHeapInternalTimer<Long, TimeWindow>> queue(
      Subtask subtask) {
    return subtask
        .backend()
        .create(
            "_timer_state/event_timers",
            new TimerSerializer<>(LongSerializer.INSTANCE, new TimeWindow.Serializer()));
  }

  /** The work on one queue. */
  private static final class Round {
    private final TimerPlace place;
    private final TimerShape shape;
    private final int timers;
    private final InternalPriorityQueue<TimerHeapInternalTimer<Long, TimeWindow>> queue;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<TimerCost> costs = new ArrayList<>();

    private Round(
        TimerPlace place,
        TimerShape shape,
        int timers,
        InternalPriorityQueue<TimerHeapInternalTimer<Long, TimeWindow>> queue) {
      this.place = place;
      this.shape = shape;
      this.timers = timers;
      this.queue = queue;
    }

    List<TimerCost> costs() {
      long heap = usedHeap();
      weigh("add", timers, now -> add(0));
      add("on the heap", (double) (usedHeap() - heap) / timers, Cost.Unit.BYTES, 0);
      weigh(STEADY, Draws.times(timers), now -> add(poll()));
      weigh("poll", queue.size(), now -> poll());
      return costs;
    }

    private long add(long now) {
      TimerHeapInternalTimer<Long, TimeWindow> timer = shape.draw(random, now, timers);
      queue.add(timer);
      return now;
    }

    private long poll() {
      TimerHeapInternalTimer<Long, TimeWindow> timer = queue.poll();
      if (timer == null) {
        throw new IllegalStateException("The queue is empty too early: place=" + place.id());
      }
      return timer.getTimestamp();
    }

    /** Does something with one timer, and returns its time. */
    private interface Step {
      long apply(int number);
    }

    private void weigh(String operation, int times, Step step) {
      long checksum = 0;
      long start = CpuClock.threadNanos();
      for (int i = 0; i < times; i++) {
        checksum = 31 * checksum + step.apply(i);
      }
      long nanos = CpuClock.threadNanos() - start;
      add(operation, (double) nanos / Math.max(1, times), Cost.Unit.NANOS, checksum);
    }

    private void add(String operation, double amount, Cost.Unit unit, long checksum) {
      costs.add(new TimerCost(place.id(), shape.id(), timers, operation, amount, unit, checksum));
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
