package io.timelog.flink.internal.stream;

import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * When rows may be forgotten that are kept for some time. A timer for each row would cost as much
 * as the row, so time is cut into steps, a quarter of what rows are kept, and a key has a timer at
 * the end of each step in which a row of it ceases to be needed.
 *
 * @param <K> the type of the keys
 */
public final class Expiry<K> {
  private static final int STEPS = 4;

  /** What is kept shorter than a few of these is kept too shortly for timers to matter less. */
  private static final long MIN_STEP_MILLIS = 100;

  private final InternalTimerService<TimerKind> timers;
  private final long step;
  private final RecentTimes<K> registered = new RecentTimes<>();

  /**
   * Of rows that are kept so long, or shorter.
   *
   * @param keepMillis at least 0
   */
  public Expiry(InternalTimerService<TimerKind> timers, long keepMillis) {
    this.timers = timers;
    this.step = stepOf(keepMillis);
  }

  private static long stepOf(long keepMillis) {
    return Math.max(MIN_STEP_MILLIS, keepMillis / STEPS);
  }

  /** How long after the last timestamp at which a row is needed its timer may lie. */
  public static long reach(long keepMillis) {
    return stepOf(keepMillis) + 1;
  }

  /**
   * Has the operator told when a row is not needed any more: by a timer of {@link TimerKind#EXPIRE}
   * behind that time.
   *
   * @param key the current one
   * @param lastNeeded the last time at which the row is needed
   */
  public void expectAfter(K key, long lastNeeded) {
    long due = (Math.floorDiv(lastNeeded, step) + 1) * step;
    if (registered.of(key) != due) {
      timers.registerEventTimeTimer(TimerKind.EXPIRE, due);
      registered.put(key, due);
    }
  }

  /**
   * From which time on rows are still needed when a timer fires. That is told by the timer and not
   * by the watermark, which may be far ahead: timers that lie between the two fire next, and what
   * they ask for must be there.
   */
  public static long firstNeeded(InternalTimer<?, TimerKind> timer, long keepMillis) {
    return EventTime.plus(timer.getTimestamp(), -keepMillis);
  }
}
