package io.timelog.examples.firststeps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Entry;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.TypedTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Welcome to Timelog! Read the steps from top to bottom; each is a test, so each is true.
 *
 * <p>Timelog keeps things that happened at a time: it takes them in roughly that order, gives them
 * back by key over a range of time, and forgets what is old in one step.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FirstStepsTest {
  @Test
  @Order(1)
  void aLog_isInTheOrderOfTime_howeverItWasWritten() {
    // A log of one kind of values; a codec says how they become bytes.
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
      log.append(10, "open");
      log.append(30, "close");
      log.append(20, "edit");

      List<String> seen = new ArrayList<>();
      // The range is half-open: 30 is not in it. It closes itself at its end.
      for (Entry<String> entry : log.range(10, 30)) {
        seen.add(entry.timestamp() + " " + entry.value());
      }
      assertThat(seen).containsExactly("10 open", "20 edit");
      assertThat(log.stream().map(Entry::value)).containsExactly("open", "edit", "close");
    }
  }

  @Test
  @Order(2)
  void whatIsOld_isForgottenInOneStep() {
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
      for (int hour = 0; hour < 1_000; hour++) {
        log.append(hour, "hour " + hour);
      }
      // Costs the same for one entry and for a million: whole windows of time are dropped.
      log.deleteBefore(998);

      assertThat(log.stream().map(Entry::value)).containsExactly("hour 998", "hour 999");
    }
  }

  @Test
  @Order(3)
  void aTable_hasKeys() {
    // A store has tables of bytes, and they share one memory budget.
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(64L << 20)).build()) {
      // A multimap keeps every entry; windowSize says how time is cut, here into days.
      Table clicks =
          store.createTable(TableOptions.multimap("clicks").windowSize(86_400_000, 0).build());
      clicks.append(bytes("alice"), 10, bytes("home"));
      clicks.append(bytes("bob"), 15, bytes("home"));
      clicks.append(bytes("alice"), 20, bytes("cart"));

      List<String> seen = new ArrayList<>();
      // A cursor allocates nothing for each entry. It must be closed.
      try (Cursor cursor = clicks.scan(bytes("alice"), TimeRange.all())) {
        while (cursor.advance()) {
          seen.add(cursor.timestamp() + " " + new String(cursor.value(), UTF_8));
        }
      }
      assertThat(seen).containsExactly("10 home", "20 cart");
      assertThat(clicks.count(bytes("bob"), TimeRange.all())).isOne();
    }
  }

  @Test
  @Order(4)
  void aMap_hasOneValueForEachKeyTimeAndSubkey() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table counts = store.createTable(TableOptions.map("counts").build());
      counts.put(bytes("alice"), 10, bytes("1"));
      counts.put(bytes("alice"), 10, bytes("2"));
      counts.put(bytes("alice"), 10, bytes("by page"), bytes("3"));

      assertThat(counts.get(bytes("alice"), 10)).isEqualTo(bytes("2"));
      assertThat(counts.get(bytes("alice"), 10, bytes("by page"))).isEqualTo(bytes("3"));
      counts.remove(bytes("alice"), 10);
      assertThat(counts.get(bytes("alice"), 10)).isNull();
    }
  }

  @Test
  @Order(5)
  void aTableCanHaveTypes() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      TypedTable<String, Long> degrees =
          store
              .createTable(TableOptions.multimap("degrees").build())
              .as(Codecs.utf8(), Codecs.longs());
      degrees.append("kitchen", 1, 21L);
      degrees.append("cellar", 1, 12L);
      degrees.append("kitchen", 2, 22L);

      assertThat(degrees.range("kitchen", 0, 10).stream().mapToLong(Entry::value).max())
          .hasValue(22);
    }
  }

  @Test
  @Order(6)
  void aSnapshot_staysAsItIs() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table clicks = store.createTable(TableOptions.multimap("clicks").build());
      clicks.append(bytes("alice"), 10, bytes("home"));

      // For any thread, while another one writes. It holds memory, so it must be closed.
      try (Snapshot before = store.snapshot()) {
        clicks.append(bytes("alice"), 20, bytes("cart"));
        clicks.deleteBefore(15);

        assertThat(before.table("clicks").count(bytes("alice"), TimeRange.all())).isOne();
        assertThat(before.table("clicks").minTimestamp()).hasValue(10);
        assertThat(clicks.minTimestamp()).hasValue(20);
      }
    }
  }

  @Test
  @Order(7)
  void memoryHasABound_andARefusedWriteHasChangedNothing() {
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(1L << 20)).build()) {
      Table photos = store.createTable(TableOptions.multimap("photos").build());
      byte[] photo = new byte[100_000];

      assertThatThrownBy(
              () -> {
                while (true) {
                  photos.append(bytes("album"), 1, photo);
                }
              })
          .isInstanceOf(MemoryBudgetExceededException.class);

      long kept = photos.count(bytes("album"), TimeRange.all());
      assertThat(kept).isBetween(1L, 10L);
      // To make room is always possible.
      photos.deleteBefore(2);
      photos.append(bytes("album"), 3, photo);
      assertThat(photos.count(bytes("album"), TimeRange.all())).isOne();
    }
  }

  @Test
  @Order(8)
  void theProgram_keepsAWeek() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    long left = new FirstSteps(new PrintStream(out, true, UTF_8)).run(20_000);

    assertThat(left).isBetween(9_500L, 10_500L);
    assertThat(out.toString(UTF_8))
        .contains("Where was parcel 4711 on the last day?", "Forget everything");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
