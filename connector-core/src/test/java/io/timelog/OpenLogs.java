package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens logs for a test, closes them after it, and checks that no reader stayed open and no byte
 * stayed accounted.
 */
final class OpenLogs implements AfterEachCallback {
  private final List<Timelog<?>> logs = new ArrayList<>();

  <V> Timelog<V> open(TimelogBuilder<V> builder) {
    return closedAfterwards(builder.build());
  }

  <V> Timelog<V> open(ObjectLogBuilder<V> builder) {
    return closedAfterwards(builder.build());
  }

  private <V> Timelog<V> closedAfterwards(Timelog<V> log) {
    logs.add(log);
    return log;
  }

  /** A log of strings with all settings at their defaults. */
  Timelog<String> ofStrings() {
    return open(Timelog.builder(Codecs.utf8()));
  }

  /** What is left of an iterator, as lines of timestamp and value. Closes it. */
  static <V> List<String> read(EntryIterator<Entry<V>> iterator) {
    List<String> entries = new ArrayList<>();
    try (iterator) {
      iterator.forEachRemaining(entry -> entries.add(entry.timestamp() + " " + entry.value()));
    }
    return entries;
  }

  /** The entries of a range, as lines of timestamp and value. */
  static List<String> read(TimelogRange<?> range) {
    List<String> entries = new ArrayList<>();
    range.forEachEntry((timestamp, value) -> entries.add(timestamp + " " + value));
    return entries;
  }

  /** All entries of a log, as lines of timestamp and value. */
  static List<String> contents(Timelog<?> log) {
    return read(log.all());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    for (Timelog<?> log : logs) {
      assertThat(log.stats().engine().openReaders())
          .as("Iterators, cursors and page spans that the test left open: log=%s", log)
          .isZero();
      log.close();
    }
    for (Timelog<?> log : logs) {
      assertThat(log.memoryBudget().usedBytes())
          .as("Bytes that are accounted after close: log=%s", log)
          .isZero();
    }
    logs.clear();
  }
}
