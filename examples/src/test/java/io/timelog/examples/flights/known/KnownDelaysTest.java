package io.timelog.examples.flights.known;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.delays.Delays;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class KnownDelaysTest {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final Duration LATELY = Duration.ofMinutes(30);
  private static final Duration TOLERANCE = Duration.ofHours(2);

  private static Flight flight(long minute, int delay, String origin) {
    return new Flight(minute * MINUTE, delay, 100, origin, "PHX");
  }

  @Test
  void known_isWhatWasSeenByThen_atTheSameAirport() {
    Flight first = flight(0, 10, "LAX");
    Flight second = flight(20, 19, "LAX");
    Flight elsewhere = flight(35, 0, "LAS");
    Flight third = flight(40, 200, "LAX");
    Flight fourth = flight(41, 0, "LAX");

    List<KnownDelay> known =
        PlainKnownDelays.of(List.of(first, second, elsewhere, third, fourth), LATELY, TOLERANCE);

    assertThat(known)
        .containsExactly(
            new KnownDelay(first, null, Delays.none()),
            new KnownDelay(second, first, new Delays(1, 10)),
            new KnownDelay(elsewhere, elsewhere, new Delays(1, 0)),
            new KnownDelay(third, second, new Delays(2, 29)),
            new KnownDelay(fourth, fourth, new Delays(2, 19)));
  }

  @Test
  void known_isNothing_ifTheLastIsTooOld() {
    Flight first = flight(0, 0, "LAX");

    assertThat(PlainKnownDelays.of(List.of(first, flight(121, 9, "LAX")), LATELY, TOLERANCE))
        .last()
        .extracting(KnownDelay::last)
        .isNull();
  }

  @Test
  @Timeout(180)
  void job_comesToWhatThePlainComputationComesTo() throws Exception {
    List<Flight> flights = FlightFile.read(10_000);

    List<KnownDelay> actual = new KnownDelaysJob(flights.size(), LATELY, TOLERANCE).run();

    List<KnownDelay> expected = PlainKnownDelays.of(flights, LATELY, TOLERANCE);
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(expected)
        .filteredOn(known -> known.lately().departures() > 1)
        .hasSizeGreaterThan(1_000);
  }
}
