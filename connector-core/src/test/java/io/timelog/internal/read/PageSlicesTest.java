package io.timelog.internal.read;

import static io.timelog.internal.read.HandMade.lease;
import static io.timelog.internal.read.HandMade.view;
import static io.timelog.internal.read.HandMade.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PageSlicesTest {
  private static final long LAST = 99;

  private final HandMade made = new HandMade(Rule.MULTIMAP);

  @AfterEach
  void free() {
    made.close();
  }

  @Test
  void segmentsThatOverlap_giveTheirSlicesByFirstTimestamp() {
    TableView view = view(Tombstones.NONE, window(0, LAST, flushed(5, 20, 30), flushed(10, 25)));

    assertThat(slices(view, TimeRange.all(), Long.MIN_VALUE)).containsExactly("5 20 30", "10 25");
  }

  @Test
  void range_cutsTheSlices() {
    TableView view = view(Tombstones.NONE, window(0, LAST, flushed(5, 20, 30, 40)));

    assertThat(slices(view, TimeRange.of(20, 40), Long.MIN_VALUE)).containsExactly("20 30");
    assertThat(slices(view, TimeRange.all(), 21)).containsExactly("30 40");
  }

  @Test
  void deleteInTheMiddle_leavesTwoSlices() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(20, 30, 5));
    TableView view = view(deletes, window(0, LAST, flushed(5, 20, 30, 40)));

    assertThat(slices(view, TimeRange.all(), Long.MIN_VALUE)).containsExactly("5", "40");
  }

  @Test
  void rangeTombstoneInANewerSource_cutsTheOlderOnes() {
    Source removal = made.memtable(0, LAST, 9).removeRange("k", 20, 30).source();
    TableView view = view(Tombstones.NONE, window(0, LAST, flushed(5, 20, 30, 40), removal));

    assertThat(slices(view, TimeRange.all(), Long.MIN_VALUE)).containsExactly("5", "40");
  }

  @Test
  void rowsInTheMemtable_areInNoSlice() {
    Source memtable = made.memtable(0, LAST, 1).append("k", 5, "v").source();

    assertThat(slices(view(Tombstones.NONE, window(0, LAST, memtable)), TimeRange.all(), 0))
        .isEmpty();
  }

  private Source flushed(long... times) {
    HandMade.Rows rows = made.memtable(0, LAST, 1);
    for (long time : times) {
      rows.append("k", time, "v");
    }
    PartitionWindow window = window(0, LAST, rows.source());
    return made.segment(window, rows.source());
  }

  private List<String> slices(TableView view, TimeRange range, long floor) {
    List<String> found = new ArrayList<>();
    try (PageSlices slices = PageSlices.open(lease(view, floor), made.key("k"), range)) {
      for (PageSlice slice = slices.next(); slice != null; slice = slices.next()) {
        StringBuilder times = new StringBuilder();
        for (int row = 0; row < slice.size(); row++) {
          times.append(row == 0 ? "" : " ").append(slice.timestamp(row));
        }
        found.add(times.toString());
      }
    }
    return found;
  }
}
