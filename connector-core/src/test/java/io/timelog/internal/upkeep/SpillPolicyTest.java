package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.view.TableView;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose segments leave memory first. */
final class SpillPolicyTest {
  private static final long WIDTH = HandMadeTable.WIDTH;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(16 << 20));
  private final HandMadeTable table = new HandMadeTable("table", memory);

  @AfterEach
  void close() {
    table.close();
  }

  private void flushed(long window) {
    table.put(1, window * WIDTH, 100);
    table.maintenance().flush(List.of(table.seal(window * WIDTH)));
  }

  /** The numbers of the windows that leave, in order. */
  private List<Long> order(long... windows) {
    TableView view =
        TableView.empty()
            .withWindows(
                Arrays.stream(windows).mapToObj(window -> table.window(window * WIDTH)).toList());
    return SpillPolicy.candidates(view, 0).stream()
        .map(candidate -> candidate.window().first() / WIDTH)
        .toList();
  }

  @Test
  void windowsThatDieLast_leaveFirst() {
    flushed(1);
    flushed(2);
    flushed(3);

    assertThat(order(1, 2, 3)).containsExactly(3L, 2L, 1L);
  }

  private void read(long window) {
    table.window(window * WIDTH).sources().forEach(source -> source.rows(new ReadScope()));
  }

  @Test
  void windowsThatAreRead_leaveLater() {
    flushed(1);
    flushed(2);
    flushed(3);
    read(3);
    read(2);

    assertThat(order(1, 2, 3)).containsExactly(1L, 3L, 2L);
  }

  @Test
  void windowsThatAreReadNoMore_leaveAsAllOthers() {
    flushed(1);
    flushed(2);
    read(2);

    int left = 0;
    while (order(1, 2).get(0) == 1) {
      table.maintenance().cool();
      left++;
    }

    assertThat(left).isBetween(2, 100);
    assertThat(order(1, 2)).containsExactly(2L, 1L);
    read(2);
    assertThat(order(1, 2)).containsExactly(1L, 2L);
  }

  @Test
  void windowsThatTakeWrites_leaveLast() {
    flushed(1);
    flushed(2);
    flushed(3);
    table.put(2, 3 * WIDTH, 100);
    read(2);

    assertThat(order(1, 2, 3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void windowsWithoutSegments_haveNothingToLeave() {
    flushed(1);
    table.put(1, 2 * WIDTH, 100);

    assertThat(order(1, 2)).containsExactly(1L);
  }

  @Test
  void bytes_areThoseOfTheSegmentsInMemory() {
    flushed(1);
    table.put(2, WIDTH, 100_000);

    assertThat(
            SpillPolicy.candidates(TableView.empty().withWindows(List.of(table.window(WIDTH))), 0))
        .singleElement()
        .satisfies(
            candidate ->
                assertThat(candidate.bytes())
                    .isEqualTo(table.window(WIDTH).sources().get(0).bytes()));
  }
}
