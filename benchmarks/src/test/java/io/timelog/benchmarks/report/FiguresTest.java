package io.timelog.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  @Test
  void median_ofAnOddNumberIsTheMiddle_ofAnEvenNumberTheMeanOfTwo() {
    assertThat(Figures.median(List.of(30, 10, 20), Integer::doubleValue)).isEqualTo(20);
    assertThat(Figures.median(List.of(40, 10, 20, 30), Integer::doubleValue)).isEqualTo(25);
  }

  @Test
  void median_ofNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Figures.median(List.<Integer>of(), Integer::doubleValue))
        .withMessage("A median needs a round");
  }

  @Test
  void numbers_haveAboutThreeDigits() {
    assertThat(List.of(0.0312, 4.614, 96.44, 1805.2))
        .map(Figures::number)
        .containsExactly("0.031", "4.61", "96.4", "1,805");
  }

  @Test
  void durations_haveTheUnitThatFits() {
    assertThat(List.of(85.0, 3_400.0, 9_310_000.0, 1.22e9))
        .map(Figures::nanos)
        .containsExactly("85.0 ns", "3.40 µs", "9.31 ms", "1.22 s");
  }

  @Test
  void ratios_tellSmallDifferencesAndNotLargeOnes() {
    assertThat(List.of(0.873, 4.61, 27.4))
        .map(Figures::ratio)
        .containsExactly("0.87x", "4.6x", "27x");
  }

  @Test
  void counts_areShortIfTheyAreRound() {
    assertThat(List.of(950L, 1_000L, 12_500L, 10_000_000L, 1_234L))
        .map(Figures::count)
        .containsExactly("950", "1 k", "12.5 k", "10 M", "1234");
  }
}
