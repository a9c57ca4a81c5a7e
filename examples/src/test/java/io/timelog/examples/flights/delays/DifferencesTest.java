package io.timelog.examples.flights.delays;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DifferencesTest {
  private static final AirportWindow LAX = new AirportWindow("LAX", 10);
  private static final AirportWindow ATL = new AirportWindow("ATL", 10);

  @Test
  void equalOutcomes_haveNoDifferences() {
    Outcome outcome = new Outcome(Map.of(LAX, new Delays(1, 2)), Map.of(), 3);

    assertThat(Differences.between(outcome, outcome)).isEmpty();
  }

  @Test
  void differences_areCountedAndTheFirstIsShown() {
    Outcome expected =
        new Outcome(Map.of(LAX, new Delays(1, 2), ATL, new Delays(3, 4)), Map.of(), 3);
    Outcome actual = new Outcome(Map.of(LAX, new Delays(1, 1)), Map.of(LAX, new Delays(1, 1)), 4);

    assertThat(Differences.between(expected, actual))
        .containsExactly(
            "Results differ: windows=2, first=AirportWindow[airport=ATL, startMillis=10],"
                + " expected=Delays[departures=3, totalMinutes=4], actual=null",
            "Windows in the store differ: windows=1,"
                + " first=AirportWindow[airport=LAX, startMillis=10],"
                + " expected=null, actual=Delays[departures=1, totalMinutes=1]",
            "Dropped updates differ: expected=3, actual=4");
  }
}
