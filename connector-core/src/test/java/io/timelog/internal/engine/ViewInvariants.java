package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.key.KeyHash;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.segment.Page;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.Arrays;
import java.util.List;

/** What must hold in every view of a table, whatever was done to it. */
final class ViewInvariants {
  private ViewInvariants() {}

  /** Fails with what is wrong. The caller holds the view, and nobody writes meanwhile. */
  static void check(String table, TableView view) {
    for (int i = 0; i < view.windowCount(); i++) {
      PartitionWindow window = view.window(i);
      assertThat(window.first())
          .as("%s: a partition window must not be empty: %s", table, window)
          .isLessThanOrEqualTo(window.last());
      if (i > 0) {
        assertThat(view.window(i - 1).last())
            .as("%s: partition windows must be disjoint and in order", table)
            .isLessThan(window.first());
      }
      checkSources(table, window);
    }
    checkTombstones(table, view.tombstones().list());
  }

  private static void checkTombstones(String table, List<Tombstone> tombstones) {
    for (int i = 1; i < tombstones.size(); i++) {
      Tombstone before = tombstones.get(i - 1);
      Tombstone next = tombstones.get(i);
      assertThat(before.last())
          .as("%s: tombstones must be disjoint and in order: %s, %s", table, before, next)
          .isLessThan(next.first());
      assertThat(before.last() + 1 == next.first() && before.version() == next.version())
          .as("%s: tombstones that touch must be one: %s, %s", table, before, next)
          .isFalse();
    }
  }

  private static void checkSources(String table, PartitionWindow window) {
    List<Source> sources = window.sources();
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      String name = table + " " + window.first() + ".." + window.last() + " source " + i;
      if (i > 0) {
        checkOrder(name, sources.get(i - 1).stage(), source.stage());
      }
      long rows = checkRows(name, window, source);
      assertThat(rows).as("%s: rows that can be walked", name).isEqualTo(source.rowCount());
      for (Segment segment : source.segments()) {
        checkSegment(name, window, segment);
      }
    }
  }

  /** Compacted, flushed, sealed, active; the first and the last at most once. */
  private static void checkOrder(String name, Source.Stage before, Source.Stage next) {
    boolean single = next == Source.Stage.ACTIVE || next == Source.Stage.LEVEL_1;
    assertThat(stageOrder(before) < stageOrder(next) || (before == next && !single))
        .as("%s: %s must not come after %s", name, next, before)
        .isTrue();
  }

  private static int stageOrder(Source.Stage stage) {
    return switch (stage) {
      case LEVEL_1 -> 0;
      case LEVEL_0 -> 1;
      case SEALED -> 2;
      case ACTIVE -> 3;
    };
  }

  private static long checkRows(String name, PartitionWindow window, Source source) {
    try (ReadScope scope = new ReadScope()) {
      return checkRows(
          name, window, source.rows(scope).keys(scope.version(), 0, Integer.MAX_VALUE));
    }
  }

  private static long checkRows(String name, PartitionWindow window, KeyCursor keys) {
    long count = 0;
    int groupBefore = -1;
    byte[] keyBefore = new byte[0];
    while (keys.advance()) {
      byte[] key = new byte[keys.keyLength()];
      keys.keyBuffer().get(keys.keyOffset(), key);
      int order =
          groupBefore != keys.group()
              ? Integer.compare(groupBefore, keys.group())
              : Arrays.compareUnsigned(keyBefore, key);
      require(order < 0, name, "keys must be in order and unique");
      require(keys.hash() == KeyHash.hash32(key, 0, key.length), name, "a key must have its hash");
      groupBefore = keys.group();
      keyBefore = key;
      long timestampBefore = Long.MIN_VALUE;
      RowCursor rows = keys.rows(Long.MIN_VALUE, Long.MAX_VALUE);
      while (rows.advance()) {
        if (!window.covers(rows.timestamp()) || rows.timestamp() < timestampBefore) {
          throw new AssertionError(
              name
                  + ": a row is out of its window or out of order: timestamp="
                  + rows.timestamp()
                  + ", before="
                  + timestampBefore);
        }
        timestampBefore = rows.timestamp();
        count++;
      }
    }
    return count;
  }

  private static void checkSegment(String name, PartitionWindow window, Segment segment) {
    require(
        segment.windowFirst() >= window.first() && segment.windowLast() <= window.last(),
        name,
        "a segment must lie in its partition window");
    long rows = 0;
    long tombstones = 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int number = 0; number < segment.pageCount(); number++) {
      Page page = segment.page(number);
      checkPage(name, page);
      require(
          page.minTimestamp() == segment.minTimestamp(number)
              && page.maxTimestamp() == segment.maxTimestamp(number),
          name,
          "the page directory must know the oldest and the newest row of each page");
      rows += page.rowCount();
      for (int row = 0; row < page.rowCount(); row++) {
        tombstones += page.isTombstone(row) ? 1 : 0;
      }
      min = Math.min(min, page.minTimestamp());
      max = Math.max(max, page.maxTimestamp());
    }
    assertThat(rows).as("%s: rows in pages", name).isEqualTo(segment.rowCount());
    assertThat(tombstones).as("%s: tombstones in pages", name).isEqualTo(segment.tombstoneCount());
    assertThat(min).as("%s: oldest row", name).isEqualTo(segment.minTimestamp());
    assertThat(max).as("%s: newest row", name).isEqualTo(segment.maxTimestamp());
  }

  private static void checkPage(String name, Page page) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    int row = 0;
    for (int run = 0; run < page.keyCount(); run++) {
      require(page.firstRow(run) == row, name, "the rows of a page must follow each other");
      long before = Long.MIN_VALUE;
      for (; row < page.endRow(run); row++) {
        long timestamp = page.timestamp(row);
        require(timestamp >= before, name, "timestamps of a key must not decrease in a page");
        before = timestamp;
        min = Math.min(min, timestamp);
        max = Math.max(max, timestamp);
      }
    }
    require(row == page.rowCount(), name, "every row of a page must belong to a key");
    require(
        min == page.minTimestamp() && max == page.maxTimestamp(),
        name,
        "a page must know its oldest and its newest row");
  }

  /** As an assertion, without the cost of describing what is right; these run once per row. */
  private static void require(boolean holds, String name, String rule) {
    if (!holds) {
      throw new AssertionError(name + ": " + rule);
    }
  }
}
