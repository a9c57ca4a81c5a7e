package io.timelog.flink.internal.map;

import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.ValueReader;
import io.timelog.flink.internal.table.RowObserver;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.summary.Summaries;
import io.timelog.summary.Summarizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The summaries that a job wants of the elements of a map from longs to lists. */
final class ListSummaries<E> implements RowObserver {
  private final ValueReader<E> elements;
  private final Map<Summarizer<E, ?>, Kept<E, ?>> all = new LinkedHashMap<>();

  ListSummaries(ValueReader<E> elements) {
    this.elements = elements;
  }

  /** Summaries, and the table that they are in, for as long as the rows are in the same one. */
  private record Kept<E, A>(Summaries<E, A> summaries, Table blocks) {}

  /** Whether there are none. */
  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Keeps summaries of the rows of a state from now on, unless it does so already. */
  <A> void add(Summarizer<E, A> summarizer, StateTable<?, ?, ?> state) {
    if (!all.containsKey(summarizer)) {
      all.put(summarizer, kept(summarizer, state));
    }
  }

  private <A> Kept<E, A> kept(Summarizer<E, A> summarizer, StateTable<?, ?, ?> state) {
    Table blocks = state.derive(Summaries::options);
    return new Kept<>(new Summaries<>(state.table(), blocks, elements, summarizer), blocks);
  }

  /** The rows are those of another table from now on. */
  void moveTo(StateTable<?, ?, ?> state) {
    for (Map.Entry<Summarizer<E, ?>, Kept<E, ?>> one : all.entrySet()) {
      state.dropDerived(one.getValue().blocks());
      one.setValue(kept(one.getKey(), state));
    }
  }

  /** The summary of the elements of a key in a range. */
  @SuppressWarnings("unchecked") // Summaries are kept under the summarizer that made them.
  <A> A aggregate(Span key, TimeRange range, Summarizer<E, A> summarizer) {
    Kept<E, A> kept = (Kept<E, A>) Objects.requireNonNull(all.get(summarizer));
    return kept.summaries().aggregate(key.toByteArray(), range);
  }

  @Override
  public void beforeWrite(Span key, long timestamp) {
    for (Kept<E, ?> kept : all.values()) {
      kept.summaries().beforeWrite(key, timestamp);
    }
  }

  @Override
  public void beforeRemove(Span key, TimeRange range) {
    for (Kept<E, ?> kept : all.values()) {
      kept.summaries().beforeDelete(key, range);
    }
  }
}
