package io.timelog.examples.flights.board;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.Partitioning;
import io.timelog.examples.flights.run.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.ForeachAction;

/**
 * The last two days of departures, to be asked for over HTTP.
 *
 * @param server answers; its owner closes it
 * @param audience looks at the board at the end
 */
record DepartureBoardJob<R>(BoardServer server, Audience<R> audience) implements Job<R> {
  /** More than the flights of the file span, whose times are local and were taken for UTC. */
  private static final Instant RECORDED = Instant.parse("2000-12-31T00:00:00Z");

  /** One for all questions, so that they share a connection. */
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final int RECORDED_DAYS = 10;
  private static final Duration HOUR = Duration.ofHours(1);

  /** Whoever looks at the full board, while the server goes on to answer. */
  @FunctionalInterface
  interface Audience<R> {
    /** Looks; {@code departures} are all that the server has told. What is returned comes out. */
    R look(List<Flight> departures, StopSignal stop) throws Exception;
  }

  @Override
  public String applicationId() {
    return "departure-board";
  }

  @Override
  public String keyOf(Flight flight) {
    return flight.origin();
  }

  @Override
  public List<String> outputTopics() {
    return List.of();
  }

  @Override
  public Topology topology(ForeachAction<? super String, ? super Flight> onFlight) {
    return DepartureBoardTopology.build(onFlight);
  }

  @Override
  public void onStart(Application application) {
    server.show(application);
  }

  @Override
  public R collect(Application application, StopSignal stop) throws Exception {
    return audience.look(all(), stop);
  }

  /** All that is on the board, asked for an hour at a time. */
  private List<Flight> all() throws IOException, InterruptedException {
    List<Flight> all = new ArrayList<>();
    Instant end = RECORDED.plus(Duration.ofDays(RECORDED_DAYS));
    for (Instant from = RECORDED; from.isBefore(end); from = from.plus(HOUR)) {
      all.addAll(flights(server.address("/departures?from=" + from + "&to=" + from.plus(HOUR))));
    }
    return all;
  }

  /**
   * The flights that a server answers with.
   *
   * @throws IOException if it does not, or not with all of them
   */
  static List<Flight> flights(URI address) throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == 200 && BoardJson.isComplete(response.body())) {
      return BoardJson.readDepartures(response.body());
    }
    throw new IOException(
        "No answer: address="
            + address
            + ", status="
            + response.statusCode()
            + ", body="
            + response.body());
  }

  /** The same flights without Kafka and without Timelog: those less than the retention old. */
  static List<Flight> plainly(List<Flight> flights, Partitioning partitioning) {
    long[] newest = new long[partitioning.partitions()];
    for (Flight flight : flights) {
      int partition = partitioning.of(flight.origin());
      newest[partition] = Math.max(newest[partition], flight.scheduledMillis());
    }
    return flights.stream()
        .filter(
            flight ->
                flight.scheduledMillis()
                    > newest[partitioning.of(flight.origin())]
                        - DepartureBoardTopology.RETENTION.toMillis())
        .toList();
  }
}
