package io.timelog.benchmarks.flink.timer;

import io.timelog.benchmarks.flink.Draws;
import java.util.SplittableRandom;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/** At what times there are timers. */
public enum TimerShape {
  /** At moments of their own, as rolling functions have them. */
  SCATTERED("scattered", "Timers at scattered moments") {
    @Override
    TimerHeapInternalTimer<Long, TimeWindow> timer(long key, long moment, long horizon) {
      return new TimerHeapInternalTimer<>(moment, key, new TimeWindow(0, 1));
    }
  },
  /** At the ends of some twenty windows that all keys share. */
  WINDOWS("windows", "Timers at the ends of windows") {
    @Override
    TimerHeapInternalTimer<Long, TimeWindow> timer(long key, long moment, long horizon) {
      long size = Math.max(1, horizon / WINDOWS_AT_A_TIME);
      long end = (moment / size + 1) * size;
      return new TimerHeapInternalTimer<>(end - 1, key, new TimeWindow(end - size, end));
    }
  };

  private static final int WINDOWS_AT_A_TIME = 20;
  private static final long TIMES_PER_TIMER = 2;

  private final String id;
  private final String title;

  TimerShape(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** The name in result files. */
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /**
   * A timer of a random key at a random moment.
   *
   * @param now what the moment is behind
   * @param timers how many there are at a time, so that they are as dense whatever that number is
   */
  TimerHeapInternalTimer<Long, TimeWindow> draw(SplittableRandom random, long now, int timers) {
    long horizon = TIMES_PER_TIMER * timers;
    return timer(Draws.key(random.nextInt()), now + 1 + random.nextLong(horizon), horizon);
  }

  /**
   * The timer of a key.
   *
   * @param moment about when
   * @param horizon how far ahead timers are, at most
   */
  abstract TimerHeapInternalTimer<Long, TimeWindow> timer(long key, long moment, long horizon);
}
