package io.timelog;

import java.util.Objects;

/**
 * The entries of a {@link Timelog} in a range of time. See {@link EntryRange} for when a reading
 * ends.
 *
 * <pre>{@code
 * for (Entry<String> entry : log.range(10, 20)) {
 *   consume(entry.timestamp(), entry.value());
 * }
 * log.range(10, 20).forEachEntry((timestamp, value) -> consume(timestamp, value));
 * }</pre>
 *
 * @param <V> the type of the values
 */
public final class TimelogRange<V> extends EntryRange<Entry<V>> {
  private final Timelog<V> log;
  private final Order order;

  /** Which entry comes first. */
  enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST;

    Order reverse() {
      return this == OLDEST_FIRST ? NEWEST_FIRST : OLDEST_FIRST;
    }

    <V> TimelogCursor<V> open(Timelog<V> log, TimeRange range) {
      return this == OLDEST_FIRST ? log.cursor(range) : log.cursorBackward(range);
    }
  }

  TimelogRange(Timelog<V> log, TimeRange range, Order order) {
    super(
        range,
        () -> order.open(log, range),
        () -> order.reverse().open(log, range),
        log.forgotten());
    this.log = log;
    this.order = order;
  }

  @Override
  public TimelogRange<V> reversed() {
    return new TimelogRange<>(log, timeRange(), order.reverse());
  }

  /**
   * Takes all entries as timestamps and values, without an object between them.
   *
   * @throws IllegalStateException if the log is closed
   */
  public void forEachEntry(EntryConsumer<? super V> action) {
    Objects.requireNonNull(action, "action");
    try (TimelogCursor<V> cursor = cursor()) {
      while (cursor.advance()) {
        action.accept(cursor.timestamp(), cursor.value());
      }
    }
  }

  /** Steps through the entries without allocating; must be closed, or read to its end. */
  public TimelogCursor<V> cursor() {
    return order.open(log, timeRange());
  }

  /** As {@link Timelog#count(TimeRange)}. */
  public long count() {
    return log.count(timeRange());
  }

  /** As {@link Timelog#pageSpans(TimeRange)}, oldest first whatever the order of this range. */
  public PageSpans<V> pageSpans() {
    return log.pageSpans(timeRange());
  }

  @Override
  public String toString() {
    return "TimelogRange[" + timeRange() + " of " + log.name() + "]";
  }
}
