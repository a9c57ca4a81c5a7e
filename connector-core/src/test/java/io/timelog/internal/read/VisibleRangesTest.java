package io.timelog.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VisibleRangesTest {
  @Test
  void rangeWithoutTombstones_isWhole() {
    assertThat(ranges(Tombstones.NONE, 0, 5, 9)).containsExactly("5..9");
  }

  @Test
  void tombstonesInside_leaveWhatLiesBetween() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(10, 12, 1)).with(new Tombstone(20, 29, 2));

    assertThat(ranges(deletes, 0, 5, 40)).containsExactly("5..9", "13..19", "30..40");
  }

  @Test
  void tombstonesOlderThanTheSource_hideNothing() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(10, 12, 1)).with(new Tombstone(20, 29, 2));

    assertThat(ranges(deletes, 2, 5, 40)).containsExactly("5..19", "30..40");
  }

  @Test
  void rangeThatIsHidden_hasNoParts() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(Long.MIN_VALUE, Long.MAX_VALUE, 1));

    assertThat(ranges(deletes, 0, Long.MIN_VALUE, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void tombstonesAtTheBounds_cutTheRange() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 5, 1)).with(new Tombstone(9, 20, 2));

    assertThat(ranges(deletes, 0, 5, 9)).containsExactly("6..8");
  }

  @Test
  void rangeThatIsEmpty_hasNoParts() {
    assertThat(ranges(Tombstones.NONE, 0, 6, 5)).isEmpty();
  }

  private static List<String> ranges(Tombstones deletes, long since, long first, long last) {
    VisibleRanges visible = new VisibleRanges(deletes, since, first, last);
    List<String> ranges = new ArrayList<>();
    while (visible.advance()) {
      ranges.add(visible.first() + ".." + visible.last());
    }
    return ranges;
  }
}
