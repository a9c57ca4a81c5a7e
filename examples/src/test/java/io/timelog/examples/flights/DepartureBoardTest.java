package io.timelog.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event-log store behind HTTP. */
@Timeout(180)
final class DepartureBoardTest {
  @Test
  void server_tellsWhatTheFileHas() throws Exception {
    List<Flight> flights = FlightFile.read(10_000);
    List<Flight> expected = DepartureBoardJob.plainly(flights, Runs.PARTITIONING);
    try (BoardServer server = BoardServer.start()) {
      List<Flight> told =
          Runs.of(
              flights,
              new DepartureBoardJob<>(
                  server,
                  (departures, stop) -> {
                    checkQuestions(server, expected);
                    return departures;
                  }));

      assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(told).isSortedAccordingTo(Comparator.comparingLong(Flight::scheduledMillis));
    }
  }

  private static void checkQuestions(BoardServer server, List<Flight> departures) throws Exception {
    Instant from = Instant.parse("2001-01-01T10:00:00Z");
    Instant to = Instant.parse("2001-01-01T11:00:00Z");
    List<Flight> expected =
        departures.stream()
            .filter(flight -> flight.origin().equals("ORD"))
            .filter(flight -> flight.scheduledMillis() >= from.toEpochMilli())
            .filter(flight -> flight.scheduledMillis() < to.toEpochMilli())
            .toList();
    String question = "?airport=ORD&from=" + from + "&to=" + to;

    assertThat(expected).hasSizeGreaterThan(10);
    assertThat(DepartureBoardJob.flights(server.address("/departures" + question)))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ask(server.address("/count" + question)).body()).isEqualTo(expected.size() + "\n");
    assertThat(ask(server.address("/count")).body()).isEqualTo(departures.size() + "\n");
  }

  @Test
  void question_thatMakesNoSense_isRefused() throws Exception {
    try (BoardServer server = BoardServer.start()) {
      assertThat(ask(server.address("/count?gate=7")).statusCode()).isEqualTo(400);
      assertThat(ask(server.address("/count?from=yesterday")).statusCode()).isEqualTo(400);
      assertThat(ask(server.address("/arrivals")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void question_beforeTheApplicationHasStarted_isToBeAskedAgain() throws Exception {
    try (BoardServer server = BoardServer.start()) {
      assertThat(ask(server.address("/count")).statusCode()).isEqualTo(503);
      assertThatIOException()
          .isThrownBy(() -> DepartureBoardJob.flights(server.address("/departures")))
          .withMessageContaining("status=503");
    }
  }

  private static HttpResponse<String> ask(URI address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
