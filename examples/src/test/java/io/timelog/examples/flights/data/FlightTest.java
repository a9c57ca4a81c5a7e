package io.timelog.examples.flights.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class FlightTest {
  @Test
  void line_isReadAndWrittenAlike() {
    String line = "978307380000,-20,1946,LAX,ATL";

    Flight flight = Flight.parse(line);

    assertThat(flight).isEqualTo(new Flight(978_307_380_000L, -20, 1946, "LAX", "ATL"));
    assertThat(flight.line()).isEqualTo(line);
  }

  @Test
  void observed_isEventTimePlusDelay() {
    assertThat(new Flight(600_000, -3, 1, "LAX", "ATL").observedMillis()).isEqualTo(420_000);
  }

  @Test
  void line_thatIsNoFlight_isNamedInTheError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flight.parse("1,2,3,LAX"))
        .withMessage(
            "Not a flight: line=1,2,3,LAX,"
                + " expected=scheduled_ms,delay_min,distance_mi,origin,destination");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flight.parse("1,two,3,LAX,ATL"))
        .withMessageStartingWith("Not a flight: line=1,two,3,LAX,ATL");
  }
}
