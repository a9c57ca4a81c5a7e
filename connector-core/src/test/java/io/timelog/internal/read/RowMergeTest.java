package io.timelog.internal.read;

import static io.timelog.internal.read.HandMade.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RowMergeTest {
  private static final long LAST = 99;

  private final HandMade map = new HandMade(Rule.MAP);
  private final HandMade multimap = new HandMade(Rule.MULTIMAP);

  @AfterEach
  void free() {
    map.close();
    multimap.close();
  }

  @Test
  void sourcesOfAMultimap_areMergedByTimeAndEqualTimesByAge() {
    Source older = multimap.memtable(0, LAST, 1).append("k", 1, "a").append("k", 5, "b").source();
    Source newer = multimap.memtable(0, LAST, 2).append("k", 5, "c").append("k", 3, "d").source();

    assertThat(multimap.values(rows(multimap, Rule.MULTIMAP, Direction.FORWARD, older, newer)))
        .containsExactly("a", "d", "b", "c");
    assertThat(multimap.values(rows(multimap, Rule.MULTIMAP, Direction.BACKWARD, older, newer)))
        .containsExactly("c", "b", "d", "a");
  }

  @Test
  void entryOfAMapInANewerSource_standsForTheOneInTheOlder() {
    Source older = map.memtable(0, LAST, 1).put("k", 5, "x", "old").put("k", 5, "y", "y").source();
    Source newer = map.memtable(0, LAST, 2).put("k", 5, "x", "new").source();

    assertThat(map.values(rows(map, Rule.MAP, Direction.FORWARD, older, newer)))
        .containsExactly("new", "y");
    assertThat(map.values(rows(map, Rule.MAP, Direction.BACKWARD, older, newer)))
        .containsExactly("y", "new");
  }

  @ParameterizedTest
  @EnumSource
  void pointTombstone_hidesOneEntryInOlderSources(Direction direction) {
    Source older = map.memtable(0, LAST, 1).put("k", 5, "x", "x").put("k", 6, "x", "6").source();
    Source newer = map.memtable(0, LAST, 2).remove("k", 5, "x").source();

    assertThat(map.values(rows(map, Rule.MAP, direction, older, newer))).containsExactly("6");
  }

  @ParameterizedTest
  @EnumSource
  void entryWrittenAfterThePointTombstone_isSeen(Direction direction) {
    Source oldest = map.memtable(0, LAST, 1).put("k", 5, "x", "1").source();
    Source middle = map.memtable(0, LAST, 2).remove("k", 5, "x").source();
    Source newest = map.memtable(0, LAST, 3).put("k", 5, "x", "3").source();

    assertThat(map.values(rows(map, Rule.MAP, direction, oldest, middle, newest)))
        .containsExactly("3");
  }

  @ParameterizedTest
  @EnumSource
  void rangeTombstone_hidesBothItsBoundsInOlderSourcesOnly(Direction direction) {
    Source older =
        multimap
            .memtable(0, LAST, 1)
            .append("k", 9, "9")
            .append("k", 10, "hidden")
            .append("k", 20, "hidden")
            .append("k", 21, "21")
            .source();
    Source newer =
        multimap.memtable(0, LAST, 2).removeRange("k", 10, 20).append("k", 15, "15").source();

    assertThat(multimap.values(rows(multimap, Rule.MULTIMAP, direction, older, newer)))
        .containsExactlyInAnyOrder("9", "15", "21");
  }

  @ParameterizedTest
  @EnumSource
  void rangeTombstoneThatBeginsBeforeTheRange_hidesInIt(Direction direction) {
    Source older = multimap.memtable(0, LAST, 1).append("k", 15, "15").source();
    Source newer = multimap.memtable(0, LAST, 2).removeRange("k", 2, 20).source();
    PartitionWindow window = window(0, LAST, older, newer);
    WindowRows rows = new WindowRows(Rule.MULTIMAP, Tombstones.NONE, new ReadScope(), direction);

    assertThat(multimap.values(rows.find(window, null, multimap.key("k"), 10, 16))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void deleteOverAllKeys_hidesInSourcesThatAreNotYounger(Direction direction) {
    Source older = multimap.memtable(0, LAST, 1).append("k", 10, "old").source();
    Source newer = multimap.memtable(0, LAST, 7).append("k", 10, "new").source();
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 50, 6));
    WindowRows rows = new WindowRows(Rule.MULTIMAP, deletes, new ReadScope(), direction);

    assertThat(
            multimap.values(
                rows.find(window(0, LAST, older, newer), null, multimap.key("k"), 0, LAST)))
        .containsExactly("new");
    assertThat(
            multimap.values(rows.find(window(0, LAST, older), older, multimap.key("k"), 0, LAST)))
        .isEmpty();
  }

  @Test
  void keyThatNoSourceHas_hasNoRows() {
    Source only = multimap.memtable(0, LAST, 1).append("k", 10, "v").source();
    WindowRows rows =
        new WindowRows(Rule.MULTIMAP, Tombstones.NONE, new ReadScope(), Direction.FORWARD);

    assertThat(rows.find(window(0, LAST, only, only), null, multimap.key("other"), 0, LAST))
        .isNull();
  }

  @Test
  void onlySourceWithTheKey_givesItsCursorAsItIs() {
    Source with = multimap.memtable(0, LAST, 1).append("k", 10, "v").source();
    Source without = multimap.memtable(0, LAST, 2).append("other", 10, "v").source();

    assertThat(rows(multimap, Rule.MULTIMAP, Direction.FORWARD, with, without))
        .isNotInstanceOf(RowMerge.class);
  }

  @Test
  void keysOfSeveralSources_comeOnceInOrderOrInReverse() {
    Source older = multimap.memtable(0, LAST, 1).append("b", 1, "1").append("d", 1, "1").source();
    Source newer = multimap.memtable(0, LAST, 2).append("a", 1, "1").append("b", 2, "2").source();
    PartitionWindow window = window(0, LAST, older, newer);

    assertThat(keys(window, Direction.FORWARD)).isEqualTo("a[1] b[1, 2] d[1] ");
    assertThat(keys(window, Direction.BACKWARD)).isEqualTo("d[1] b[2, 1] a[1] ");
  }

  private String keys(PartitionWindow window, Direction direction) {
    KeyMerge keys =
        new KeyMerge(
            window,
            Rule.MULTIMAP,
            Tombstones.NONE,
            new ReadScope(),
            KeyBounds.all(),
            new TimeSpan(0, LAST),
            direction);
    StringBuilder found = new StringBuilder();
    while (keys.advance()) {
      found.append((char) keys.keyBuffer().get(keys.keyOffset()));
      found.append(multimap.values(keys.rows())).append(' ');
    }
    return found.toString();
  }

  private static RowCursor rows(HandMade made, Rule rule, Direction direction, Source... sources) {
    return new WindowRows(rule, Tombstones.NONE, new ReadScope(), direction)
        .find(window(0, LAST, sources), null, made.key("k"), 0, LAST);
  }
}
