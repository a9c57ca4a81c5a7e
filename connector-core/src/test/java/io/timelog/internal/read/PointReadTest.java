package io.timelog.internal.read;

import static io.timelog.internal.read.HandMade.view;
import static io.timelog.internal.read.HandMade.window;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Span;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PointReadTest {
  private static final long LAST = 99;

  private final HandMade made = new HandMade(Rule.MAP);

  @AfterEach
  void free() {
    made.close();
  }

  @Test
  void newestSourceThatHasTheEntry_answers() {
    TableView view =
        view(
            Tombstones.NONE,
            window(
                0,
                LAST,
                made.memtable(0, LAST, 1).put("k", 5, "x", "old").put("k", 5, "y", "y").source(),
                made.memtable(0, LAST, 2).put("k", 5, "x", "new").source()));

    assertThat(get(view, "k", 5, "x")).isEqualTo("new");
    assertThat(get(view, "k", 5, "y")).isEqualTo("y");
    assertThat(get(view, "k", 5, "z")).isNull();
    assertThat(get(view, "k", 6, "x")).isNull();
    assertThat(get(view, "other", 5, "x")).isNull();
    assertThat(get(view, "k", 100, "x")).isNull();
  }

  @Test
  void pointTombstone_hidesOlderSources() {
    TableView view =
        view(
            Tombstones.NONE,
            window(
                0,
                LAST,
                made.memtable(0, LAST, 1).put("k", 5, "x", "old").put("k", 5, "y", "y").source(),
                made.memtable(0, LAST, 2).remove("k", 5, "x").source()));

    assertThat(get(view, "k", 5, "x")).isNull();
    assertThat(get(view, "k", 5, "y")).isEqualTo("y");
  }

  @Test
  void rangeTombstone_hidesOlderSourcesButNotItsOwn() {
    TableView view =
        view(
            Tombstones.NONE,
            window(
                0,
                LAST,
                made.memtable(0, LAST, 1).put("k", 5, "x", "5").put("k", 11, "x", "11").source(),
                made.memtable(0, LAST, 2).removeRange("k", 2, 10).put("k", 5, "y", "y").source()));

    assertThat(get(view, "k", 5, "x")).isNull();
    assertThat(get(view, "k", 5, "y")).isEqualTo("y");
    assertThat(get(view, "k", 11, "x")).isEqualTo("11");
  }

  @Test
  void rangeTombstoneAtTheTimestamp_isPassedOver() {
    TableView view =
        view(
            Tombstones.NONE,
            window(
                0,
                LAST,
                made.memtable(0, LAST, 1).put("k", 5, "x", "5").source(),
                made.memtable(0, LAST, 2).removeRange("k", 5, 10).put("k", 5, "y", "y").source()));

    assertThat(get(view, "k", 5, "y")).isEqualTo("y");
    assertThat(get(view, "k", 5, "x")).isNull();
  }

  @Test
  void deleteOverAllKeys_hidesWhatWasThere() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 50, 2));
    TableView view =
        view(
            deletes,
            window(
                0,
                LAST,
                made.memtable(0, LAST, 1).put("k", 5, "x", "5").put("k", 60, "x", "60").source(),
                made.memtable(0, LAST, 3).put("k", 6, "x", "6").source()));

    assertThat(get(view, "k", 5, "x")).isNull();
    assertThat(get(view, "k", 6, "x")).isEqualTo("6");
    assertThat(get(view, "k", 60, "x")).isEqualTo("60");
  }

  @Test
  void floor_hidesWhatLiesBelow() {
    TableView view =
        view(
            Tombstones.NONE,
            window(0, LAST, made.memtable(0, LAST, 1).put("k", 5, "x", "5").source()));

    assertThat(PointRead.get(HandMade.lease(view, 5), made.key("k"), 5, Span.of(bytes("x"))))
        .isNotNull();
    assertThat(PointRead.get(HandMade.lease(view, 6), made.key("k"), 5, Span.of(bytes("x"))))
        .isNull();
  }

  @Test
  void segments_areAskedAsTheMemtableIs() {
    Source older = made.memtable(0, LAST, 1).put("k", 5, "x", "old").put("k", 5, "y", "y").source();
    Source newer = made.memtable(0, LAST, 2).remove("k", 5, "x").put("k", 5, "z", "z").source();
    PartitionWindow window = window(0, LAST, older, newer);
    TableView view =
        view(
            Tombstones.NONE,
            window(0, LAST, made.segment(window, older), made.segment(window, newer)));

    assertThat(get(view, "k", 5, "x")).isNull();
    assertThat(get(view, "k", 5, "y")).isEqualTo("y");
    assertThat(get(view, "k", 5, "z")).isEqualTo("z");
  }

  private @Nullable String get(TableView view, String key, long timestamp, String subkey) {
    byte[] value =
        PointRead.get(view, new ReadScope(), made.key(key), timestamp, Span.of(bytes(subkey)));
    return value == null ? null : new String(value, UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
