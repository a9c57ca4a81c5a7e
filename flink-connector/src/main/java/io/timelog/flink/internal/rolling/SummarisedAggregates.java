package io.timelog.flink.internal.rolling;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.internal.summary.FunctionSummarizer;
import io.timelog.flink.state.TimeIndexedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple4;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that are put together from accumulators of parts of the rows. For a backend that keeps
 * bytes: what is read from state is used up here, and what was written is used further.
 */
final class SummarisedAggregates<T, A> implements RollingAggregates<T, A> {
  /*
   * Two stacks, as a queue with a running aggregate is made of them, of what is closed; and a scan
   * of what is not.
   *
   *          front                      middle             open
   *   |-----|-----|-----|-----|--------------------------|---------->  time
   *      ^                    M                          C     ^
   *      first of the range                                    last of the range
   *
   * Up to M there is an accumulator at the first row of every block of rows, of all rows from there
   * to M. Of the rows behind M up to C there is one accumulator. So a range is a part of a block, two
   * accumulators, and the rows behind C. C follows the watermark, but not for a few rows only, as
   * writing costs as much as reading some of them. When a range begins behind M, front is made anew
   * of all rows that are closed: each row goes through that about once.
   *
   * Rows out of order come behind the watermark, so they change neither front nor middle, and what
   * they cost is that the open part is longer. Where nearly all of a range is open, or where it has
   * few rows, there is nothing to gain and nothing is summarised.
   *
   * When a job is restored its watermark begins anew, so a row may come that lies before C, and it may
   * have come where nothing is known of summaries: on another backend, from which a savepoint brings the
   * job back. So a summary is only used by the run of the operator that made it, in which the watermark
   * never went back; in another run the first range of a key is scanned.
   */

  /** Ranges with fewer closed rows than these are read each time. */
  private static final int WORTHWHILE = 64;

  /** So many closed rows are read again and again, before they are added to the middle. */
  private static final int FOLDED_AT_ONCE = 16;

  private static final int MIN_BLOCK = 16;

  /** How many accumulators front has at most, about. */
  private static final int BLOCKS = 128;

  private final TimeIndexedState<T> rows;
  private final TimeIndexedState<A> front;
  private final ValueState<Tuple4<Long, Long, Long, A>> middle;
  private final FunctionSummarizer<T, A> summarizer;
  private final TypeSerializer<A> accumulators;
  private final long run;

  /**
   * Aggregates of rows that are in state.
   *
   * @param rows nobody else writes them
   * @param front accumulators from their time to the end of front
   * @param middle the run that made them, the end of front, the end of the middle, and the
   *     accumulator between these
   * @param run a number that no other run of the operator has, nor another of its subtasks
   */
  SummarisedAggregates(
      TimeIndexedState<T> rows,
      TimeIndexedState<A> front,
      ValueState<Tuple4<Long, Long, Long, A>> middle,
      FunctionSummarizer<T, A> summarizer,
      TypeSerializer<A> accumulators,
      long run) {
    this.rows = rows;
    this.front = front;
    this.middle = middle;
    this.summarizer = summarizer;
    this.accumulators = accumulators;
    this.run = run;
  }

  @Override
  public void add(long timestamp, T row) {
    rows.append(timestamp, row);
  }

  @Override
  public A over(TimeRange range, long closed) throws IOException {
    Tuple4<Long, Long, Long, A> summary = middle.value();
    return summary == null || summary.f0 != run || summary.f1 < range.first() - 1
        ? scan(range, closed)
        : combine(range, closed, summary);
  }

  private A scan(TimeRange range, long closed) throws IOException {
    A accumulator = summarizer.none();
    int closedRows = 0;
    for (Entry<T> row : rows.range(range)) {
      accumulator = summarizer.add(accumulator, row.timestamp(), row.value());
      closedRows += row.timestamp() <= closed ? 1 : 0;
    }
    if (closedRows >= WORTHWHILE) {
      summarise(TimeRange.closed(range.first(), closed), closedRows);
    }
    return accumulator;
  }

  /** Makes front anew, of so many rows. */
  private void summarise(TimeRange range, int count) throws IOException {
    front.clear();
    List<Entry<A>> blocks = blocks(range, Math.max(MIN_BLOCK, count / BLOCKS));
    for (int i = blocks.size() - 2; i >= 0; i--) {
      Entry<A> block = blocks.get(i);
      A rest = accumulators.copy(blocks.get(i + 1).value());
      blocks.set(i, new Entry<>(block.timestamp(), summarizer.merge(block.value(), rest)));
    }
    for (Entry<A> block : blocks) {
      front.append(block.timestamp(), block.value());
    }
    middle.update(Tuple4.of(run, range.last(), range.last(), summarizer.none()));
  }

  /** Accumulators of so many rows each, or more if they have the same timestamp. */
  private List<Entry<A>> blocks(TimeRange range, int rowsEach) {
    List<Entry<A>> blocks = new ArrayList<>();
    A accumulator = summarizer.none();
    long start = range.first();
    long timestamp = start;
    int count = 0;
    for (Entry<T> row : rows.range(range)) {
      if (count >= rowsEach && row.timestamp() != timestamp) {
        blocks.add(new Entry<>(start, accumulator));
        accumulator = summarizer.none();
        count = 0;
      }
      timestamp = row.timestamp();
      start = count == 0 ? timestamp : start;
      accumulator = summarizer.add(accumulator, row.timestamp(), row.value());
      count++;
    }
    if (count > 0) {
      blocks.add(new Entry<>(start, accumulator));
    }
    return blocks;
  }

  private A combine(TimeRange range, long closed, Tuple4<Long, Long, Long, A> summary)
      throws IOException {
    A accumulator = ofFront(range.first(), summary.f1);
    A ofMiddle = summary.f3;
    Iterator<Entry<T>> open = rows.range(TimeRange.closed(summary.f2 + 1, range.last())).iterator();
    Entry<T> row = nextOf(open);
    int folded = 0;
    while (row != null && row.timestamp() <= closed) {
      ofMiddle = summarizer.add(ofMiddle, row.timestamp(), row.value());
      folded++;
      row = nextOf(open);
    }
    if (folded >= FOLDED_AT_ONCE) {
      middle.update(Tuple4.of(run, summary.f1, closed, ofMiddle));
    }
    accumulator = summarizer.merge(accumulator, ofMiddle);
    while (row != null) {
      accumulator = summarizer.add(accumulator, row.timestamp(), row.value());
      row = nextOf(open);
    }
    return accumulator;
  }

  /** What the rows of front from {@code first} on come to. */
  private A ofFront(long first, long end) {
    TimeRange range = TimeRange.closed(first, end);
    Optional<Entry<A>> rest = front.first(range);
    A accumulator = summarizer.none();
    TimeRange before =
        rest.isPresent() ? range.intersect(TimeRange.until(rest.get().timestamp())) : range;
    if (!before.isEmpty()) {
      for (Entry<T> row : rows.range(before)) {
        accumulator = summarizer.add(accumulator, row.timestamp(), row.value());
      }
    }
    return rest.isPresent() ? summarizer.merge(accumulator, rest.get().value()) : accumulator;
  }

  private static <E> @Nullable E nextOf(Iterator<E> iterator) {
    return iterator.hasNext() ? iterator.next() : null;
  }

  @Override
  public void deleteBefore(long cutoff) {
    rows.deleteBefore(cutoff);
    if (rows.isEmpty()) {
      forget();
    }
  }

  private void forget() {
    front.clear();
    middle.clear();
  }
}
