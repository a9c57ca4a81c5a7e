package io.timelog.flink.internal.join;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.internal.stream.Expiry;
import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.state.TimeIndexedState;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/**
 * One side of an interval join: its rows by time, and what they ask of the other side.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows of this side
 * @param <U> the type of the rows of the other side
 */
final class JoinSide<K, T, U> {
  /** What takes pairs; a partner that is not there is null, at {@link JoinedRows#ABSENT}. */
  @FunctionalInterface
  interface Pairs<T, U> {
    void join(T own, long ownTime, @Nullable U other, long otherTime, long at) throws Exception;
  }

  private final TimeIndexedState<T> rows;
  private final SideRules rules;
  private final InternalTimerService<TimerKind> timers;
  private final Expiry<K> expiry;
  private final Pairs<T, U> pairs;

  JoinSide(
      TimeIndexedState<T> rows,
      SideRules rules,
      InternalTimerService<TimerKind> timers,
      Expiry<K> expiry,
      Pairs<T, U> pairs) {
    this.rows = rows;
    this.rules = rules;
    this.timers = timers;
    this.expiry = expiry;
    this.pairs = pairs;
  }

  /** Takes a row of the current key, and joins it with what the other side has. */
  void accept(K key, long timestamp, T row, JoinSide<K, U, T> other) throws Exception {
    rows.append(timestamp, row);
    expiry.expectAfter(key, timestamp + rules.keepMillis());
    boolean alone = true;
    for (Entry<U> partner : other.rows.range(rules.interval().around(timestamp))) {
      long at = Math.max(timestamp, partner.timestamp());
      pairs.join(row, timestamp, partner.value(), partner.timestamp(), at);
      alone = false;
    }
    if (alone && rules.outer()) {
      timers.registerEventTimeTimer(rules.decided(), rules.interval().lastPartner(timestamp) + 1);
    }
  }

  /**
   * Lets rows go alone that a timer of {@link SideRules#decided()} was set for, if they had no
   * partner.
   */
  void decide(InternalTimer<K, TimerKind> timer, JoinSide<K, U, T> other) throws Exception {
    long at = timer.getTimestamp();
    long timestamp = at - 1 - rules.interval().waitMillis();
    if (other.rows.first(rules.interval().around(timestamp)).isEmpty()) {
      for (Entry<T> row : rows.range(TimeRange.at(timestamp))) {
        pairs.join(row.value(), timestamp, null, JoinedRows.ABSENT, at);
      }
    }
  }

  /** Forgets what is not needed any more at a timer. */
  void expire(InternalTimer<K, TimerKind> timer) {
    rows.deleteBefore(Expiry.firstNeeded(timer, rules.keepMillis()));
  }
}
