package io.timelog.examples.flights.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.AirportWindow;
import io.timelog.examples.flights.delays.Delays;
import io.timelog.examples.flights.delays.HoppingWindows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConnectingTest {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final Connecting connecting = new Connecting(60, Duration.ofMinutes(30));

  @Test
  void flight_isLateFromTheDelayOnThatIsGiven() {
    assertThat(connecting.isLate(flight(0, 59, "LAX", "LAS"))).isFalse();
    assertThat(connecting.isLate(flight(0, 60, "LAX", "LAS"))).isTrue();
  }

  @Test
  void arrival_isTheDepartureTheDelayAndTheTimeInTheAir() {
    Flight flight = new Flight(0, 60, 240, "LAX", "LAS");

    assertThat(Connecting.arrivalMillis(flight)).isEqualTo((60 + 30 + 240 / 8) * MINUTE);
  }

  @Test
  void missed_isWhatLeavesInTheHalfHoursBeforeAndAfterALateArrival() {
    Flight late = flight(0, 60, "LAX", "LAS");
    long arrival = Connecting.arrivalMillis(late) / MINUTE;
    Flight first = flight(arrival - 30, 0, "LAS", "PHX");
    Flight last = flight(arrival + 29, 0, "LAS", "SFO");
    List<Flight> flights =
        List.of(
            late,
            flight(arrival - 31, 0, "LAS", "PHX"),
            first,
            last,
            flight(arrival + 30, 0, "LAS", "SFO"),
            flight(arrival, 0, "LAX", "SFO"));

    Found found =
        PlainConnections.of(
            flights,
            new HoppingWindows(Duration.ofMinutes(60), Duration.ofMinutes(60), Duration.ZERO),
            connecting);

    assertThat(found.missed())
        .containsExactlyInAnyOrder(
            new MissedConnection(late, first), new MissedConnection(late, last));
  }

  @Test
  void results_areWhatTheirLinesSay() {
    MissedConnection missed =
        new MissedConnection(flight(1, 60, "LAX", "LAS"), flight(2, -3, "LAS", "PHX"));
    AirportDelays delays = new AirportDelays(new AirportWindow("LAX", 7), new Delays(3, -4));

    assertThat(MissedConnection.parse(missed.line())).isEqualTo(missed);
    assertThat(AirportDelays.parse(delays.line())).isEqualTo(delays);
  }

  private static Flight flight(long minute, int delay, String origin, String destination) {
    return new Flight(minute * MINUTE, delay, 100, origin, destination);
  }
}
