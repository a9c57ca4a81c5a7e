package io.timelog.kafka.internal.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.PageSpan;
import io.timelog.PageSpans;
import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries as they lie in pages. */
final class EventLogPageSpansTest {
  private final EventLogFixture fixture = new EventLogFixture();
  private final EventLogStore<String, String> store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<String> spans(String key, TimeRange range) {
    List<String> found = new ArrayList<>();
    try (PageSpans<String> spans = store.pageSpans(key, range)) {
      while (spans.hasNext()) {
        try (PageSpan<String> span = spans.next()) {
          long[] timestamps = span.copyTimestamps();
          for (int i = 0; i < timestamps.length; i++) {
            found.add(timestamps[i] + "=" + span.values().get(i));
          }
        }
      }
    }
    return found;
  }

  @Test
  void spans_haveWhatWasFlushed_ofTheKeyAndTheRange() {
    store.append("a", 30, "three");
    store.append("b", 20, "two");
    store.append("a", 10, "one");
    store.append("a", 40, "four");
    assertThat(spans("a", TimeRange.all())).isEmpty();

    store.flushToPages();
    store.append("a", 50, "five");

    assertThat(spans("a", TimeRange.all())).containsExactly("10=one", "30=three", "40=four");
    assertThat(spans("a", TimeRange.of(10, 40))).containsExactly("10=one", "30=three");
    assertThat(spans("c", TimeRange.all())).isEmpty();
  }

  @Test
  void spans_haveNothingThatWasDeletedSince() {
    for (int i = 0; i < 10; i++) {
      store.append("a", i, "v" + i);
    }
    store.flushToPages();
    store.deleteBefore(2);
    store.deleteRange("a", TimeRange.of(4, 6));
    store.deleteRange(TimeRange.of(8, 9));

    assertThat(spans("a", TimeRange.all())).containsExactly("2=v2", "3=v3", "6=v6", "7=v7", "9=v9");
  }

  @Test
  void closedStore_hasNoSpans() {
    store.close();

    assertThatThrownBy(() -> store.pageSpans("a", TimeRange.all()))
        .isInstanceOf(InvalidStateStoreException.class);
    assertThatThrownBy(store::flushToPages).isInstanceOf(InvalidStateStoreException.class);
  }
}
