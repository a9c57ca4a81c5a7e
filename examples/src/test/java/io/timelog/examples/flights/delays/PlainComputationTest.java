package io.timelog.examples.flights.delays;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Partitioning;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlainComputationTest {
  private static final long MINUTE = 60_000;
  private static final HoppingWindows WINDOWS =
      new HoppingWindows(ofMinutes(10), ofMinutes(5), ofMinutes(5));

  @Test
  void flights_areAddedUpInEveryWindowAroundThem() {
    PlainComputation computation =
        PlainComputation.of(
            List.of(flight(6, 4, "LAX"), flight(7, -2, "LAX"), flight(7, 30, "ATL")),
            WINDOWS,
            new Partitioning(1));

    assertThat(computation.outcome().results())
        .isEqualTo(
            Map.of(
                new AirportWindow("LAX", 0), new Delays(2, 2),
                new AirportWindow("LAX", 5 * MINUTE), new Delays(2, 2),
                new AirportWindow("ATL", 0), new Delays(1, 30),
                new AirportWindow("ATL", 5 * MINUTE), new Delays(1, 30)));
    assertThat(computation.outcome().droppedUpdates()).isZero();
  }

  @Test
  void lateFlight_isLeftOutOfTheWindowsThatAreClosed() {
    PlainComputation computation =
        PlainComputation.of(
            List.of(flight(15, 0, "LAX"), flight(6, 0, "ATL"), flight(4, 0, "ATL")),
            WINDOWS,
            new Partitioning(1));

    assertThat(computation.outcome().results())
        .as("at stream time 15 the window of 0 to 10 is closed, and that of 5 to 15 is not")
        .isEqualTo(
            Map.of(
                new AirportWindow("LAX", 10 * MINUTE), new Delays(1, 0),
                new AirportWindow("LAX", 15 * MINUTE), new Delays(1, 0),
                new AirportWindow("ATL", 5 * MINUTE), new Delays(1, 0)));
    assertThat(computation.outcome().droppedUpdates()).isEqualTo(2);
    assertThat(computation.lateness())
        .isEqualTo(new Lateness(3, 2, 2, 1, 2, flight(4, 0, "ATL"), 11 * MINUTE));
  }

  @Test
  void streamTime_isKeptPerPartition() {
    Partitioning partitioning = new Partitioning(2);
    assertThat(partitioning.of("LAX")).isNotEqualTo(partitioning.of("BOS"));

    PlainComputation computation =
        PlainComputation.of(
            List.of(flight(600, 0, "LAX"), flight(6, 0, "BOS")), WINDOWS, partitioning);

    assertThat(computation.outcome().droppedUpdates()).isZero();
    assertThat(computation.lateness().outOfOrder()).isZero();
  }

  @Test
  void store_keepsWindowsThatStartLessThanTheRetentionBeforeTheNewest() {
    PlainComputation computation =
        PlainComputation.of(
            List.of(flight(0, 0, "LAX"), flight(5, 0, "LAX"), flight(15, 0, "LAX")),
            WINDOWS,
            new Partitioning(1));

    assertThat(computation.outcome().results()).hasSize(4);
    assertThat(computation.outcome().stillStored().keySet())
        .as("the newest window starts at 15, so that of 0 is gone")
        .containsExactlyInAnyOrder(
            new AirportWindow("LAX", 5 * MINUTE),
            new AirportWindow("LAX", 10 * MINUTE),
            new AirportWindow("LAX", 15 * MINUTE));
  }

  private static Flight flight(long minute, int delayMinutes, String origin) {
    return new Flight(minute * MINUTE, delayMinutes, 100, origin, "ORD");
  }
}
