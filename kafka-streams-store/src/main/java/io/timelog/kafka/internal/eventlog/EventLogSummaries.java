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

/**
 * The summaries that a store was built with, each in a table beside its entries. What is about to
 * be written is told to all of them, by the thread that writes; any thread may aggregate.
 */
final class EventLogSummaries<V> {
  private final HostedTable hosted;
  private final Map<Summarizer<V, ?>, Kept<V, ?>> all = new LinkedHashMap<>();

  private EventLogSummaries(HostedTable hosted) {
    this.hosted = hosted;
  }

  /** The summaries for one summarizer, and the table that they are in. */
  private record Kept<V, A>(Summaries<V, A> summaries, Table blocks) {
    A aggregate(PinnedTable now, byte[] key, TimeRange range) {
      return summaries.aggregate(key, range, now.reader(), now.reader(blocks));
    }
  }

  /** Summaries of the entries of a store that has none as yet. */
  static <V> EventLogSummaries<V> open(
      HostedTable hosted,
      List<Summarizer<V, ?>> summarizers,
      Codec<V> values,
      long retentionMillis) {
    EventLogSummaries<V> opened = new EventLogSummaries<>(hosted);
    for (Summarizer<V, ?> summarizer : summarizers) {
      opened.add(summarizer, values, retentionMillis);
    }
    return opened;
  }

  private <A> void add(Summarizer<V, A> summarizer, Codec<V> values, long retentionMillis) {
    Table entries = hosted.table();
    TableOptions.Builder options = Summaries.options(entries.name() + "-summary-" + all.size());
    if (retentionMillis != Retention.FOR_EVER) {
      options.windowSize(Retention.eventPartitionMillisFor(retentionMillis), 0);
    }
    Table blocks = hosted.openBeside(options.build());
    all.put(summarizer, new Kept<>(new Summaries<>(entries, blocks, values, summarizer), blocks));
  }

  void beforeWrite(Span key, long timestamp) {
    for (Kept<V, ?> kept : all.values()) {
      kept.summaries().makeWanted();
      kept.summaries().beforeWrite(key, timestamp);
    }
  }

  void beforeDelete(Span key, TimeRange range) {
    for (Kept<V, ?> kept : all.values()) {
      kept.summaries().beforeDelete(key, range);
    }
  }

  void beforeDelete(TimeRange range) {
    for (Kept<V, ?> kept : all.values()) {
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
    Kept<V, A> kept = (Kept<V, A>) all.get(summarizer);
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
