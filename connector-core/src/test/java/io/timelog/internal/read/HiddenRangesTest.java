package io.timelog.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HiddenRangesTest {
  private static final long LAST = 299;
  private static final int SOURCES = 4;

  private record Range(int source, long first, long last) {}

  @ParameterizedTest
  @EnumSource
  void rowIsHidden_ifARangeOfANewerSourceCoversIt(Direction direction) {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      try (HandMade made = new HandMade(Rule.MAP)) {
        HiddenRanges hidden = new HiddenRanges(direction);
        List<Range> ranges = new ArrayList<>();
        for (int source = 0; source < SOURCES; source++) {
          hidden.addAll(source, rows(made, source, ranges, random));
        }
        for (long i = 0; i <= LAST; i++) {
          long time = direction == Direction.FORWARD ? i : LAST - i;
          int source = random.nextInt(SOURCES);
          boolean expected =
              ranges.stream().anyMatch(r -> r.source > source && r.first <= time && time <= r.last);
          assertThat(hidden.hide(time, source)).isEqualTo(expected);
        }
      }
    }
  }

  /** Up to twelve ranges of any length, and entries between them. */
  private static RowCursor rows(HandMade made, int source, List<Range> ranges, Random random) {
    HandMade.Rows rows = made.memtable(0, LAST, 1);
    rows.put("k", 5, "x", "entry");
    for (int i = random.nextInt(13); i > 0; i--) {
      long first = random.nextInt((int) LAST);
      long last = Math.min(LAST, first + random.nextInt(random.nextBoolean() ? 4 : 60));
      rows.removeRange("k", first, last);
      ranges.add(new Range(source, first, last));
    }
    return rows.source().rows().find(made.key("k"), Long.MAX_VALUE, 0, LAST, Direction.FORWARD);
  }
}
