package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The entries of one key of a table as they lie in pages. */
final class TablePageSpansTest {
  private static final int KEYS = 6;
  private static final int TIMES = 2_000;
  private static final byte[] KEY = {1};

  private record Entry(long timestamp, long value) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return timestamp == other.timestamp
          ? Long.compare(value, other.value)
          : Long.compare(timestamp, other.timestamp);
    }
  }

  private static TimelogStore store() {
    return TimelogStore.builder().targetPageBytes(512).build();
  }

  private static Table table(TimelogStore store) {
    return store.createTable(TableOptions.multimap("events").windowSize(500, 0).build());
  }

  private static void append(Table table, byte[] key, long timestamp, long value) {
    table.append(key, timestamp, ByteBuffer.allocate(8).putLong(value).array());
  }

  private static List<Entry> inSpans(TableReader table, byte[] key, TimeRange range) {
    List<Entry> found = new ArrayList<>();
    try (PageSpans<Long> spans = table.pageSpans(key, range, Codecs.longs())) {
      long start = Long.MIN_VALUE;
      while (spans.hasNext()) {
        try (PageSpan<Long> span = spans.next()) {
          assertThat(span.startTimestamp()).isGreaterThanOrEqualTo(start);
          start = span.startTimestamp();
          long[] timestamps = span.copyTimestamps();
          for (int i = 0; i < timestamps.length; i++) {
            found.add(new Entry(timestamps[i], span.values().get(i)));
          }
        }
      }
    }
    Collections.sort(found);
    return found;
  }

  private static List<Entry> scanned(TableReader table, byte[] key, TimeRange range) {
    List<Entry> found = new ArrayList<>();
    try (Cursor cursor = table.scan(key, range)) {
      while (cursor.advance()) {
        found.add(new Entry(cursor.timestamp(), cursor.valueLong(0)));
      }
    }
    Collections.sort(found);
    return found;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void spansOfFlushedEntries_areWhatAScanFinds_whateverWasDeleted(long seed) {
    Random random = new Random(seed);
    try (TimelogStore store = store()) {
      Table table = table(store);
      int deletes = 0;
      for (int step = 0; step < 4_000; step++) {
        byte[] key = {(byte) random.nextInt(KEYS)};
        long time = random.nextInt(TIMES);
        TimeRange range = TimeRange.of(time, time + random.nextInt(1, 300));
        switch (random.nextInt(100)) {
          case 0 -> store.flush();
          case 1 -> table.removeRange(key, range);
          case 2 -> {
            if (deletes++ % 5 == 0) {
              table.deleteRange(range);
            }
          }
          case 3 -> table.deleteBefore(step / 20);
          case 4 -> {
            if (step % 7 == 0) {
              store.compact();
            }
          }
          default -> append(table, key, time, step);
        }
        if (step % 500 == 499) {
          table.removeRange(key, range);
          store.flush();
          check(table, random);
          try (Snapshot snapshot = store.snapshot()) {
            table.removeRange(key, TimeRange.all());
            check(snapshot.table("events"), random);
          }
        }
      }
    }
  }

  private static void check(TableReader table, Random random) {
    for (int i = 0; i < KEYS; i++) {
      byte[] key = {(byte) i};
      assertThat(inSpans(table, key, TimeRange.all()))
          .isEqualTo(scanned(table, key, TimeRange.all()));
      long from = random.nextInt(TIMES);
      TimeRange part = TimeRange.of(from, from + random.nextInt(TIMES));
      assertThat(inSpans(table, key, part)).as("%s", part).isEqualTo(scanned(table, key, part));
    }
  }

  @Test
  void aDeleteThatIsStillInTheMemtable_hidesWhatLiesInPages() {
    try (TimelogStore store = store()) {
      Table table = table(store);
      for (int i = 0; i < 10; i++) {
        append(table, KEY, i, i);
      }
      store.flush();

      table.removeRange(KEY, TimeRange.of(3, 6));

      assertThat(inSpans(table, KEY, TimeRange.all()))
          .extracting(Entry::timestamp)
          .containsExactly(0L, 1L, 2L, 6L, 7L, 8L, 9L);
    }
  }

  @Test
  void entriesOfTheMemtable_areInNoSpan() {
    try (TimelogStore store = store()) {
      Table table = table(store);
      append(table, KEY, 1, 1);

      assertThat(inSpans(table, KEY, TimeRange.all())).isEmpty();
    }
  }

  @Test
  void aMapHasNoSpans() {
    try (TimelogStore store = store()) {
      Table map = store.createTable(TableOptions.map("latest").build());

      assertThatThrownBy(() -> map.pageSpans(KEY, TimeRange.all(), Codecs.longs()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("table=latest");
    }
  }
}
