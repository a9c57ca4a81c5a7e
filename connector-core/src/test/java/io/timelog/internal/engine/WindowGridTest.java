package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How time is cut as windows come and go. */
final class WindowGridTest {
  private static final long START = 1_700_000_000_000L;

  private WindowGrid grid = WindowGrid.adaptive(WindowGrid.AutomaticWidth.USUAL);
  private final List<PartitionWindow> windows = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {100, 10_000, 3_600_000})
  void spanThatIsAlive_isCutIntoSomeWindows_withoutAFloor(long tick) {
    passBy(tick, 100_000);

    assertThat(windows).hasSizeBetween(4, 64);
  }

  @ParameterizedTest
  @ValueSource(longs = {10_000, 3_600_000})
  void fewWindows_areWideOnes(long tick) {
    grid = WindowGrid.adaptive(new WindowGrid.AutomaticWidth(2, 1));

    passBy(tick, 100_000);

    assertThat(windows).hasSizeBetween(1, 6);
  }

  @Test
  void noWindow_isNarrowerThanWanted() {
    grid = WindowGrid.adaptive(new WindowGrid.AutomaticWidth(12, 1 << 22));

    passBy(10, 100_000);

    assertThat(windows).hasSizeBetween(1, 2);
    assertThat(windows).allMatch(window -> window.last() - window.first() == (1 << 22) - 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE - 5, Long.MIN_VALUE + 5, 0, START / 1_000, START * 1_000})
  void entryFromAnotherTime_doesNotMakeTheOthersWide(long outlier) {
    write(outlier);

    passBy(100, 100_000);

    assertThat(windows).hasSizeBetween(5, 65);
    assertThat(windows.get(windows.size() / 2).last() - windows.get(windows.size() / 2).first())
        .isLessThan(1 << 20);
  }

  @Test
  void bursts_becomeOneStretch_beforeWindowsAreTooMany() {
    long day = 86_400_000;
    for (int burst = 0; burst < 365; burst++) {
      for (int minute = 0; minute < 60; minute++) {
        write(START + burst * day + minute * 60_000L);
      }
    }

    assertThat(windows).hasSizeLessThan(500);
  }

  @Test
  void windows_neverOverlap() {
    passBy(37, 20_000);
    write(Long.MAX_VALUE);
    write(Long.MIN_VALUE);
    passBy(5_000_000_000L, 2_000);

    for (int i = 1; i < windows.size(); i++) {
      assertThat(windows.get(i - 1).last()).isLessThan(windows.get(i).first());
    }
  }

  /** A twelfth of the entries lives at a time; a window goes when its last entry does. */
  private void passBy(long tick, int entries) {
    long alive = entries / 12;
    for (int i = 0; i < entries; i++) {
      write(START + i * tick);
      long oldest = START + (i - alive) * tick;
      windows.removeIf(window -> window.last() >= START && window.last() < oldest);
    }
  }

  private void write(long timestamp) {
    TableView view = TableView.empty().withWindows(windows);
    if (view.windowAt(timestamp) == null) {
      WindowGrid.Block block = grid.blockFor(timestamp, view);
      assertThat(timestamp).isBetween(block.first(), block.last());
      windows.add(
          view.firstWindowNotBefore(timestamp),
          new PartitionWindow(block.first(), block.last(), List.of()));
    }
  }
}
