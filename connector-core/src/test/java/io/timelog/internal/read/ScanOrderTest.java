package io.timelog.internal.read;

import static io.timelog.internal.read.HandMade.entries;
import static io.timelog.internal.read.HandMade.lease;
import static io.timelog.internal.read.HandMade.view;
import static io.timelog.internal.read.HandMade.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of each scan over several windows, its bounds, and what it leaves out. */
final class ScanOrderTest {
  private static final Rule RULE = Rule.MULTIMAP;
  private static final TimeRange ALL = TimeRange.all();

  private final HandMade made = new HandMade(RULE, KeyGroups.FIRST_BYTE);

  /** Two windows; "b" in both, "a" in the newer only, "c" in the older only. */
  private final TableView view =
      view(
          Tombstones.NONE,
          window(
              0,
              9,
              made.memtable(0, 9, 1)
                  .append("c", 1, "c1")
                  .append("b", 1, "b1")
                  .append("b", 7, "b7")
                  .source()),
          window(
              10,
              19,
              made.memtable(10, 19, 1)
                  .append("b", 12, "b12")
                  .append("a", 12, "a12")
                  .append("a", 11, "a11")
                  .source()));

  @AfterEach
  void free() {
    made.close();
  }

  @Test
  void timeOrder_goesAcrossWindowsAndByKeyWhereTimesAreEqual() {
    List<String> forward = timeOrder(view, ALL, Direction.FORWARD);

    assertThat(forward)
        .containsExactly("b@1=b1", "c@1=c1", "b@7=b7", "a@11=a11", "a@12=a12", "b@12=b12");
    assertThat(timeOrder(view, ALL, Direction.BACKWARD)).isEqualTo(reversed(forward));
  }

  @Test
  void keyOrder_goesWindowByWindow() {
    List<String> forward = keyOrder(KeyBounds.all(), Direction.FORWARD);

    assertThat(forward)
        .containsExactly("b@1=b1", "b@7=b7", "c@1=c1", "a@11=a11", "a@12=a12", "b@12=b12");
    assertThat(keyOrder(KeyBounds.all(), Direction.BACKWARD)).isEqualTo(reversed(forward));
  }

  @Test
  void keyMajorOrder_goesKeyByKeyAcrossWindows() {
    List<String> forward = keyMajor(KeyBounds.all(), ALL, Direction.FORWARD);

    assertThat(forward)
        .containsExactly("a@11=a11", "a@12=a12", "b@1=b1", "b@7=b7", "b@12=b12", "c@1=c1");
    assertThat(keyMajor(KeyBounds.all(), ALL, Direction.BACKWARD)).isEqualTo(reversed(forward));
  }

  @Test
  void keyMajorOrder_leavesOutOtherGroups() {
    assertThat(keyMajor(KeyBounds.groups('b', 'c'), ALL, Direction.FORWARD))
        .containsExactly("b@1=b1", "b@7=b7", "b@12=b12", "c@1=c1");
    assertThat(keyMajor(KeyBounds.groups('d', 'e'), ALL, Direction.FORWARD)).isEmpty();
  }

  @Test
  void keyMajorOrder_tellsGroupAndKeyOfEachEntry() {
    List<String> found = new ArrayList<>();
    try (KeyMajorScan scan =
        KeyMajorScan.entries(
            lease(view, Long.MIN_VALUE), RULE, KeyBounds.all(), ALL, Direction.FORWARD)) {
      while (scan.advance()) {
        found.add((char) scan.keyGroup() + "#" + scan.keyNumber());
      }
    }

    assertThat(found).containsExactly("a#1", "a#1", "b#2", "b#2", "b#2", "c#3");
  }

  @Test
  void keys_comeOnceWithTheirFirstEntryInTheDirection() {
    assertThat(keys(view, ALL, Direction.FORWARD)).containsExactly("a@11=a11", "b@1=b1", "c@1=c1");
    assertThat(keys(view, ALL, Direction.BACKWARD))
        .containsExactly("c@1=c1", "b@12=b12", "a@12=a12");
  }

  @Test
  void keysWithoutAVisibleEntryInTheRange_areLeftOut() {
    TableView deleted =
        view(Tombstones.NONE.with(new Tombstone(12, 12, 5)), view.window(0), view.window(1));

    assertThat(keys(deleted, TimeRange.of(2, 13), Direction.FORWARD))
        .containsExactly("a@11=a11", "b@7=b7");
    assertThat(keys(view, TimeRange.empty(), Direction.FORWARD)).isEmpty();
  }

  @Test
  void keyBounds_areIncluded() {
    byte[] b = {'b'};
    byte[] c = {'c'};

    assertThat(keyOrder(KeyBounds.keys(b, c), Direction.FORWARD))
        .containsExactly("b@1=b1", "b@7=b7", "c@1=c1", "b@12=b12");
    assertThat(keyOrder(KeyBounds.keys(null, b), Direction.FORWARD))
        .containsExactly("b@1=b1", "b@7=b7", "a@11=a11", "a@12=a12", "b@12=b12");
    assertThat(keyOrder(KeyBounds.keys(c, null), Direction.FORWARD)).containsExactly("c@1=c1");
  }

  @Test
  void everyScan_beginsAtTheFloor() {
    assertThat(
            entries(
                new TimeOrderScan(
                    lease(view, 7), RULE, KeyGroups.FIRST_BYTE, ALL, Direction.FORWARD)))
        .startsWith("b@7=b7");
    assertThat(
            entries(
                new KeyOrderScan(lease(view, 7), RULE, KeyBounds.all(), ALL, Direction.FORWARD)))
        .startsWith("b@7=b7");
    assertThat(
            entries(
                KeyMajorScan.entries(
                    lease(view, 7), RULE, KeyBounds.all(), ALL, Direction.FORWARD)))
        .containsExactly("a@11=a11", "a@12=a12", "b@7=b7", "b@12=b12");
    assertThat(entries(KeyScan.open(lease(view, 7), RULE, made.key("b"), ALL, Direction.BACKWARD)))
        .containsExactly("b@12=b12", "b@7=b7");
  }

  private static List<String> timeOrder(TableView view, TimeRange range, Direction direction) {
    return entries(
        new TimeOrderScan(
            lease(view, Long.MIN_VALUE), RULE, KeyGroups.FIRST_BYTE, range, direction));
  }

  private List<String> keyOrder(KeyBounds bounds, Direction direction) {
    return entries(new KeyOrderScan(lease(view, Long.MIN_VALUE), RULE, bounds, ALL, direction));
  }

  private List<String> keyMajor(KeyBounds bounds, TimeRange range, Direction direction) {
    return entries(
        KeyMajorScan.entries(lease(view, Long.MIN_VALUE), RULE, bounds, range, direction));
  }

  private static List<String> keys(TableView view, TimeRange range, Direction direction) {
    return entries(
        KeyMajorScan.keys(lease(view, Long.MIN_VALUE), RULE, KeyBounds.all(), range, direction));
  }

  private static List<String> reversed(List<String> list) {
    List<String> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
