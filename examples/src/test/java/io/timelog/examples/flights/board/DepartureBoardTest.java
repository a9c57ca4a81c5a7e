package io.timelog.examples.flights.board;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.run.Runs;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The event-log store behind HTTP. */
@Timeout(180)
final class DepartureBoardTest {
  private static final List<Flight> ONE_FLIGHT = List.of(new Flight(0, 0, 606, "ORD", "EWR"));

  @Test
  void server_tellsWhatTheFileHas(@TempDir Path directory) throws Exception {
    List<Flight> flights = FlightFile.read(10_000);
    List<Flight> expected = DepartureBoardJob.plainly(flights, Runs.PARTITIONING);
    try (BoardServer server = BoardServer.start(flights)) {
      List<Flight> told =
          Runs.of(
              flights,
              new DepartureBoardJob<>(
                  server,
                  (departures, stop) -> {
                    checkQuestions(server, expected);
                    return departures;
                  }),
              directory);

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
    assertThat(ask(server.address("/count" + question)).body())
        .isEqualTo(
            "{\"airport\":\"ORD\",\"from\":\"2001-01-01T10:00:00Z\",\"to\":\"2001-01-01T11:00:00Z\","
                + "\"count\":"
                + expected.size()
                + "}\n");
    assertThat(ask(server.address("/count")).body())
        .contains("\"count\":" + departures.size() + "}");
    assertThat(ask(server.address("/summary")).body())
        .contains("\"departures\":" + departures.size())
        .contains("\"oldest\":\"2001-01-01T")
        .contains("\"ORD\"");
    HttpResponse<String> page = ask(server.address("/"));
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.body()).contains("<title>Departures</title>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /count?gate=7              | 400 | Unknown parameter: gate=7, expected airport=, from= or to=
          /count?airport=            | 400 | No departures from this airport: airport=, expected one of the 1 codes of /summary, such as JFK
          /count?airport=XXX         | 400 | No departures from this airport: airport=XXX, expected one of the 1 codes of /summary, such as JFK
          /count?from=yesterday      | 400 | Not a time: from=yesterday, expected a form like 2001-01-07T08:00:00Z
          /count?from=2001-01-02T00:00:00Z&to=2001-01-01T00:00:00Z | 400 | to must not be before from: from=2001-01-02T00:00:00Z, to=2001-01-01T00:00:00Z
          /count?to=2001-01-02T00:00:00Z&to=2001-01-01T00:00:00Z   | 400 | Given twice: to
          /count?from=2001-01-01     | 400 | Not a time: from=2001-01-01, expected a form like 2001-01-07T08:00:00Z
          /summary?airport=ORD       | 400 | The summary is of the whole board: query=airport=ORD, expected none
          /count/                    | 404 | Nothing here: path=/count/, expected /, /departures, /count or /summary
          /arrivals                  | 404 | Nothing here: path=/arrivals, expected /, /departures, /count or /summary
          /departures/ORD            | 404 | Nothing here: path=/departures/ORD, expected /, /departures, /count or /summary
          /countdown                 | 404 | Nothing here: path=/countdown, expected /, /departures, /count or /summary
          """)
  void question_thatMakesNoSense_isToldWhatWasExpected(String path, int status, String error)
      throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
      HttpResponse<String> answer = ask(server.address(path));

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).isEqualTo("{\"error\":\"" + error + "\"}\n");
    }
  }

  @Test
  void query_thatIsTooLong_isRefused() throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
      HttpResponse<String> answer = ask(server.address("/count?airport=" + "X".repeat(300)));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("The query is too long: length=308, maximum=200");
    }
  }

  @Test
  void methodsThatWrite_areRefused() throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.address("/count")).DELETE().build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
      assertThat(answer.body()).contains("method=DELETE, expected GET");
    }
  }

  @Test
  void halfARequest_holdsNobodyElseUp() throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT);
        Socket half = new Socket("localhost", server.address("/").getPort())) {
      half.getOutputStream().write("GET /count HTTP/1.1\r\nHost:".getBytes(US_ASCII));
      half.getOutputStream().flush();

      assertThat(ask(server.address("/")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void manyHalfRequests_holdNobodyElseUp() throws Exception {
    List<Socket> halves = new ArrayList<>();
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
      for (int i = 0; i < 50; i++) {
        Socket half = new Socket("localhost", server.address("/").getPort());
        halves.add(half);
        half.getOutputStream().write("GET /count HTTP/1.1\r\nHost:".getBytes(US_ASCII));
        half.getOutputStream().flush();
      }

      assertThat(ask(server.address("/")).statusCode()).isEqualTo(200);
      assertThat(halves.get(0).getInputStream().available()).isZero();
    } finally {
      for (Socket half : halves) {
        half.close();
      }
    }
  }

  @Test
  void headersThatAreTooLong_areRefused() throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
      HttpRequest request =
          HttpRequest.newBuilder(server.address("/")).header("X-Long", "x".repeat(100_000)).build();

      assertThat(statusOf(request)).isNotEqualTo(200);
      assertThat(ask(server.address("/")).statusCode()).isEqualTo(200);
    }
  }

  /** Minus one if the connection is closed instead, as the server may do in the midst of it. */
  private static int statusOf(HttpRequest request) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void question_beforeTheApplicationHasStarted_isToBeAskedAgain() throws Exception {
    try (BoardServer server = BoardServer.start(ONE_FLIGHT)) {
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
