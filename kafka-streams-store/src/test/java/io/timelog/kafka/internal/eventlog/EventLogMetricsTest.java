package io.timelog.kafka.internal.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which calls of an event-log store are counted as what. */
final class EventLogMetricsTest {
  private static final Summarizer<String, LongSummary> LENGTHS =
      LongSummary.of(value -> value.length());

  private final EventLogFixture fixture =
      new EventLogFixture(
          EventLogFixture.eventLog().withSummary(LENGTHS),
          Map.of(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "DEBUG"));
  private final EventLogStore<String, String> store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Of those that were called at all. */
  private Map<String, Double> totals() {
    Map<String, Double> totals = new TreeMap<>();
    fixture
        .context
        .metrics()
        .metrics()
        .forEach(
            (name, metric) -> {
              if ("events".equals(name.tags().get("timelog-event-log-state-id"))
                  && name.name().endsWith("-total")
                  && (double) metric.metricValue() > 0) {
                totals.put(name.name(), (double) metric.metricValue());
              }
            });
    return totals;
  }

  @Test
  void calls_areCountedByOperation() {
    store.append("a", 10, "one");
    store.append("a", 20, "two");
    assertThatThrownBy(() -> store.append("a", 30, null)).isInstanceOf(NullPointerException.class);
    store.count("a", TimeRange.all());
    store.count(TimeRange.all());
    store.aggregate("a", TimeRange.all(), LENGTHS);
    store.deleteBefore(5);
    store.deleteRange(TimeRange.of(15, 25));
    store.deleteRange("a", TimeRange.of(15, 25));

    assertThat(totals())
        .isEqualTo(
            Map.of(
                "aggregate-total", 1.0,
                "append-total", 3.0,
                "count-total", 2.0,
                "delete-before-total", 1.0,
                "delete-range-total", 2.0));
  }

  @Test
  void scan_isCountedWhenItEnds_andOnce() {
    store.append("a", 10, "one");
    EventLogIterator<String, String> closedAtItsEnd = store.scan("a", TimeRange.all());
    EventLogIterator<String, String> closedBefore = store.scanBackward("a", TimeRange.all());
    EventLogIterator<String, String> ofAll = store.scanAll(TimeRange.all());
    EventLogIterator<String, String> ofAllBackward = store.scanAllBackward(TimeRange.all());
    assertThat(totals()).containsOnlyKeys("append-total");

    EventLogFixture.entries(closedAtItsEnd);
    closedBefore.close();
    closedBefore.close();
    ofAll.next();
    assertThat(ofAll.hasNext()).isFalse();
    ofAllBackward.close();

    assertThat(totals()).containsEntry("scan-total", 2.0).containsEntry("scan-all-total", 2.0);
    ofAll.close();
    assertThat(totals()).containsEntry("scan-all-total", 2.0);

    EventLogFixture.entries(store.cursor("a", TimeRange.all()));
    store.cursorBackward("a", TimeRange.all()).close();
    EventLogFixture.entries(store.cursorAll(TimeRange.all()));
    store.cursorAllBackward(TimeRange.all()).close();
    assertThat(totals()).containsEntry("scan-total", 4.0).containsEntry("scan-all-total", 4.0);
  }

  @Test
  void metrics_areGoneWithTheStore() {
    store.append("a", 10, "one");
    EventLogIterator<String, String> open = store.scan("a", TimeRange.all());

    store.close();

    assertThatThrownBy(open::hasNext).isInstanceOf(InvalidStateStoreException.class);
    open.close();
    assertThat(fixture.context.metrics().metrics().keySet())
        .noneMatch(name -> name.tags().containsKey("timelog-event-log-state-id"));
  }
}
