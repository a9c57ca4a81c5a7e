package io.timelog.internal.read;

import static io.timelog.internal.read.HandMade.lease;
import static io.timelog.internal.read.HandMade.view;
import static io.timelog.internal.read.HandMade.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TimeBoundsTest {
  private final HandMade made = new HandMade(Rule.MAP);

  @AfterEach
  void free() {
    made.close();
  }

  @Test
  void tableWithoutEntries_hasNoBounds() {
    assertThat(bounds(TableView.empty(), Long.MIN_VALUE)).isEqualTo("none");
  }

  @Test
  void boundsOfAllWindows_areThoseOfTheOuterOnes() {
    assertThat(bounds(view(Tombstones.NONE, older(), newer()), Long.MIN_VALUE)).isEqualTo("2..17");
  }

  @Test
  void floor_cutsTheOldestWindow() {
    TableView view = view(Tombstones.NONE, older(), newer());

    assertThat(bounds(view, 3)).isEqualTo("5..17");
    assertThat(bounds(view, 9)).isEqualTo("11..17");
    assertThat(bounds(view, 18)).isEqualTo("none");
  }

  @Test
  void deletesOverAllKeys_cutBothEnds() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(0, 4, 7)).with(new Tombstone(12, 19, 8));

    assertThat(bounds(view(deletes, older(), newer()), Long.MIN_VALUE)).isEqualTo("5..11");
  }

  @Test
  void deletesOlderThanTheRows_cutNothing() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 19, 0));

    assertThat(bounds(view(deletes, older(), newer()), Long.MIN_VALUE)).isEqualTo("2..17");
  }

  @Test
  void windowWhoseRowsAreAllHidden_isPassedOver() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 9, 7));

    assertThat(bounds(view(deletes, older(), newer()), Long.MIN_VALUE)).isEqualTo("11..17");
  }

  @Test
  void rowsThatWereTakenOut_areNotSeen() {
    Source source =
        made.memtable(0, 9, 1)
            .put("a", 1, "", "1")
            .put("b", 4, "", "4")
            .put("a", 8, "", "8")
            .takeOut("a", 0, 9)
            .source();

    assertThat(bounds(view(Tombstones.NONE, window(0, 9, source)), Long.MIN_VALUE))
        .isEqualTo("4..4");
  }

  @Test
  void tombstonesAmongTheRows_hideTheBoundsOfOlderSources() {
    Source rows =
        made.memtable(0, 9, 1)
            .put("a", 1, "", "1")
            .put("b", 4, "", "4")
            .put("b", 5, "", "5")
            .put("a", 8, "", "8")
            .source();
    Source tombstones = made.memtable(0, 9, 2).remove("a", 1, "").removeRange("a", 7, 9).source();

    assertThat(bounds(view(Tombstones.NONE, window(0, 9, rows, tombstones)), Long.MIN_VALUE))
        .isEqualTo("4..5");
  }

  @Test
  void entryThatWasReplacedInANewerSource_countsOnce() {
    Source old = made.memtable(0, 9, 1).put("a", 3, "", "old").source();
    Source replaced = made.memtable(0, 9, 2).put("a", 3, "", "new").source();

    assertThat(bounds(view(Tombstones.NONE, window(0, 9, old, replaced)), Long.MIN_VALUE))
        .isEqualTo("3..3");
  }

  @Test
  void rangeInsideASegment_isFoundInThePagesItCuts() {
    HandMade.Rows rows = made.memtable(0, 9_999, 1);
    for (int i = 0; i < 10_000; i += 10) {
      rows.put("key" + i % 70, i, "", "value");
    }
    PartitionWindow window = window(0, 9_999, rows.source());
    TableView flushed =
        view(Tombstones.NONE, window(0, 9_999, made.segment(window, rows.source())));

    assertThat(bounds(flushed, Long.MIN_VALUE)).isEqualTo("0..9990");
    assertThat(bounds(flushed, 4_321)).isEqualTo("4330..9990");
    assertThat(first(flushed, TimeRange.of(15, 4_321), Direction.BACKWARD)).isEqualTo(4_320);
    assertThat(first(flushed, TimeRange.of(15, 4_321), Direction.FORWARD)).isEqualTo(20);
  }

  private PartitionWindow older() {
    return window(0, 9, made.memtable(0, 9, 1).put("b", 5, "", "5").put("a", 2, "", "2").source());
  }

  private PartitionWindow newer() {
    return window(
        10, 19, made.memtable(10, 19, 1).put("b", 17, "", "17").put("a", 11, "", "11").source());
  }

  private static String bounds(TableView view, long floor) {
    var min = TimeBounds.first(lease(view, floor), Rule.MAP, TimeRange.all(), Direction.FORWARD);
    var max = TimeBounds.first(lease(view, floor), Rule.MAP, TimeRange.all(), Direction.BACKWARD);
    return min.isEmpty() && max.isEmpty() ? "none" : min.getAsLong() + ".." + max.getAsLong();
  }

  private static long first(TableView view, TimeRange range, Direction direction) {
    return TimeBounds.first(lease(view, Long.MIN_VALUE), Rule.MAP, range, direction).getAsLong();
  }
}
