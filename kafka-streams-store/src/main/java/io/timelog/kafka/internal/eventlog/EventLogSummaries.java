package io.timelog.kafka.internal.eventlog;

import io.timelog.Codec;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.PinnedTable;
import io.timelog.summary.Summaries;
import io.timelog.summary.Summarizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The summaries that a store was built with, each in a table beside its entries. What is about to
 * be written is told to all of them, by the thread that writes; any thread may aggregate.
 */
final class EventLogSummaries<V> {
  private final HostedTable hosted;
  private final Codec<V> values;

  /** The names of their tables. */
  private final Map<Summarizer<V, ?>, String> tables = new LinkedHashMap<>();

  /** Null until they are needed, and with them the tables. */
  private volatile @Nullable Map<Summarizer<V, ?>, Kept<V, ?>> all;

  private EventLogSummaries(HostedTable hosted, Codec<V> values) {
    this.hosted = hosted;
    this.values = values;
  }

  /** The summaries for one summarizer, and the table that they are in. */
  private record Kept<V, A>(Summaries<V, A> summaries, Table blocks) {
    A aggregate(PinnedTable now, byte[] key, TimeRange range) {
      return summaries.aggregate(key, range, now.reader(), now.reader(blocks));
    }
  }

  /**
   * Summaries of the entries of a store that has none as yet. To be called on the thread that
   * initializes the store.
   *
   * @param table the name of that of the entries
   */
  static <V> EventLogSummaries<V> of(
      HostedTable hosted,
      String table,
      List<Summarizer<V, ?>> summarizers,
      Codec<V> values,
      long retentionMillis) {
    EventLogSummaries<V> summaries = new EventLogSummaries<>(hosted, values);
    for (Summarizer<V, ?> summarizer : summarizers) {
      summaries.add(summarizer, table, retentionMillis);
    }
    return summaries;
  }

  private void add(Summarizer<V, ?> summarizer, String table, long retentionMillis) {
    String name = table + "-summary-" + tables.size();
    TableOptions.Builder options = Summaries.options(name);
    if (retentionMillis != Retention.FOR_EVER) {
      options.windowSize(Retention.eventPartitionMillisFor(retentionMillis), 0);
    }
    hosted.openBeside(options.build());
    tables.put(summarizer, name);
  }

  private Map<Summarizer<V, ?>, Kept<V, ?>> all() {
    Map<Summarizer<V, ?>, Kept<V, ?>> made = all;
    return made == null ? make() : made;
  }

  private synchronized Map<Summarizer<V, ?>, Kept<V, ?>> make() {
    Map<Summarizer<V, ?>, Kept<V, ?>> made = all;
    if (made == null) {
      made = new LinkedHashMap<>();
      for (Map.Entry<Summarizer<V, ?>, String> table : tables.entrySet()) {
        made.put(table.getKey(), kept(table.getKey(), hosted.beside(table.getValue())));
      }
      all = made;
    }
    return made;
  }

  private <A> Kept<V, A> kept(Summarizer<V, A> summarizer, Table blocks) {
    return new Kept<>(new Summaries<>(hosted.table(), blocks, values, summarizer), blocks);
  }

  void beforeWrite(Span key, long timestamp) {
    for (Kept<V, ?> kept : all().values()) {
      kept.summaries().makeWanted();
      kept.summaries().beforeWrite(key, timestamp);
    }
  }

  void beforeDelete(Span key, TimeRange range) {
    for (Kept<V, ?> kept : all().values()) {
      kept.summaries().beforeDelete(key, range);
    }
  }

  void beforeDelete(TimeRange range) {
    for (Kept<V, ?> kept : all().values()) {
      kept.summaries().beforeDelete(range);
    }
  }

  /**
   * The summary of the entries of a key in a range, at one moment.
   *
   * @throws IllegalArgumentException if the store keeps none for the summarizer
   */
  @SuppressWarnings("unchecked") // Summaries are kept under the summarizer that made them.
  <A> A aggregate(PinnedTable now, byte[] key, TimeRange range, Summarizer<V, A> summarizer) {
    Kept<V, A> kept = (Kept<V, A>) all().get(summarizer);
    if (kept == null) {
      throw new IllegalArgumentException(
          "The store keeps no summaries for this summarizer; its builder has to be given it by"
              + " withSummary: summarizer="
              + summarizer
              + ", "
              + hosted.place());
    }
    return kept.aggregate(now, key, range);
  }
}
