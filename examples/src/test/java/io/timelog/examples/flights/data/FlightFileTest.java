package io.timelog.examples.flights.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FlightFileTest {
  @Test
  void file_isWhatItsProvenanceSays() throws IOException {
    List<Flight> flights = FlightFile.read(Long.MAX_VALUE);

    assertThat(flights).hasSize(113_493);
    assertThat(flights.stream().map(Flight::origin).distinct()).hasSize(223);
    assertThat(flights).isSortedAccordingTo(Comparator.comparingLong(Flight::observedMillis));
  }

  @Test
  void limit_takesTheFirstFlights() throws IOException {
    assertThat(FlightFile.read(2))
        .containsExactly(
            Flight.parse("978307380000,-20,1946,LAX,ATL"),
            Flight.parse("978307260000,-13,2345,ANC,LAX"));
  }
}
