package io.timelog.examples.flights.better;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.run.Runs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The join, with a broker and without. */
@Timeout(180)
final class BetterFlightsTest {
  private static final long MINUTE = 60_000;
  private static final BetterFlightsJob JOB =
      new BetterFlightsJob(new Rebooking(60, ofMinutes(30)));

  @Test
  void pairs_areOfOneRoute_andAsFarApartAsAllowed() {
    Flight late = flight(60, 90, "ATL");
    Flight before = flight(30, 14, "ATL");
    Flight after = flight(90, -5, "ATL");

    assertThat(
            JOB.plainly(
                List.of(
                    late,
                    before,
                    after,
                    flight(29, 0, "ATL"),
                    flight(91, 0, "ATL"),
                    flight(60, 15, "ATL"),
                    flight(60, 0, "ORD"))))
        .containsExactlyInAnyOrder(new BetterFlight(late, before), new BetterFlight(late, after));
  }

  @Test
  void run_findsThePairsOfThePlainComputation(@TempDir Path directory) throws Exception {
    List<Flight> flights = FlightFile.read(20_000);
    List<BetterFlight> expected = JOB.plainly(flights);

    List<BetterFlight> actual = Runs.of(flights, JOB, directory);

    assertThat(expected).hasSizeGreaterThan(50);
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Flight flight(long minute, int delayMinutes, String destination) {
    return new Flight(minute * MINUTE, delayMinutes, 100, "LAX", destination);
  }
}
