package io.timelog.examples.flights.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Application;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.ReadOnlyEventLogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Answers over HTTP, on a free port of this machine, from the event-log store of an application.
 *
 * <ul>
 *   <li>{@code /}: a page for people
 *   <li>{@code /departures?airport=LAX&from=2001-01-07T08:00:00Z&to=2001-01-07T09:00:00Z}: the
 *       flights in time order, at most {@value #MAX_FLIGHTS} of them
 *   <li>{@code /count} with the same parameters: how many there are
 *   <li>{@code /summary}: which airports and which times are on the board
 * </ul>
 *
 * <p>All but the page are JSON. Every parameter may be left out: then of all airports, from the
 * first flight on, to the last. {@code to} itself is not in the range. What is asked for while the
 * application starts or its partitions move is answered with 503, so ask again.
 */
final class BoardServer implements AutoCloseable {
  /** More than one answer should have. */
  static final int MAX_FLIGHTS = 5_000;

  private static final String PAGE = "board.html";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";

  /** Seconds after which who sends half of a request and no more is given up. */
  private static final String MAX_REQUEST_TIME = "sun.net.httpserver.maxReqTime";

  /** Each connection may hold a thread for that long, so there is a bound on them. */
  private static final String MAX_CONNECTIONS = "jdk.httpserver.maxConnections";

  private static final String MAX_HEADER_BYTES = "sun.net.httpserver.maxReqHeaderSize";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Set<String> airports;
  private final byte[] page;
  private final AtomicReference<@Nullable Application> application = new AtomicReference<>();

  private BoardServer(HttpServer server, ExecutorService threads, Set<String> airports)
      throws IOException {
    this.server = server;
    this.threads = threads;
    this.airports = airports;
    this.page = readPage();
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  private static byte[] readPage() throws IOException {
    try (InputStream resource = BoardServer.class.getResourceAsStream(PAGE)) {
      if (resource == null) {
        throw new FileNotFoundException("Resource is missing: " + PAGE);
      }
      return resource.readAllBytes();
    }
  }

  /**
   * Starts to listen.
   *
   * @param flights that will be on the board at one time or another
   */
  static BoardServer start(List<Flight> flights) throws IOException {
    setUnlessSet(MAX_REQUEST_TIME, "10");
    setUnlessSet(MAX_CONNECTIONS, "200");
    setUnlessSet(MAX_HEADER_BYTES, "16384");
    Set<String> airports = new TreeSet<>();
    flights.forEach(flight -> airports.add(flight.origin()));
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    BoardServer server = new BoardServer(http, Executors.newCachedThreadPool(), airports);
    http.start();
    return server;
  }

  /** The JDK's server has no other way to be told, and reads it once. */
  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** From now on answers come from this application. */
  void show(Application running) {
    application.set(running);
  }

  /** The address of a path with its query, like {@code /count?airport=LAX}. */
  URI address(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  @SuppressWarnings("ArrayRecordComponent") // only carried to the exchange
  private record Answer(int status, String type, byte[] body) {
    static Answer json(int status, String json) {
      return new Answer(status, JSON, json.getBytes(UTF_8));
    }

    static Answer error(int status, String message) {
      return json(status, BoardJson.error(message));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange.getRequestMethod(), exchange.getRequestURI());
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      if (answer.status() == 405) {
        exchange.getResponseHeaders().set("Allow", "GET");
      }
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer.body());
      }
    }
  }

  private Answer answer(String method, URI uri) {
    if (!method.equals("GET")) {
      return Answer.error(405, "This board is only read: method=" + method + ", expected GET");
    }
    try {
      return switch (uri.getPath()) {
        case "/" -> new Answer(200, HTML, page);
        case "/departures" -> Answer.json(200, departures(question(uri), store()));
        case "/count" -> Answer.json(200, count(question(uri), store()));
        case "/summary" -> Answer.json(200, summary(uri));
        default ->
            Answer.error(
                404,
                "Nothing here: path="
                    + uri.getPath()
                    + ", expected /, /departures, /count or /summary");
      };
    } catch (IllegalArgumentException e) {
      return Answer.error(400, String.valueOf(e.getMessage()));
    } catch (InvalidStateStoreException e) {
      return Answer.error(503, "Ask again: " + e.getMessage());
    }
  }

  private BoardQuestion question(URI uri) {
    return BoardQuestion.of(uri, airports);
  }

  private ReadOnlyEventLogStore<String, Flight> store() {
    Application running = application.get();
    if (running == null) {
      throw new InvalidStateStoreException("The application has not started");
    }
    return running
        .streams()
        .store(
            StoreQueryParameters.fromNameAndType(
                DepartureBoardTopology.STORE, TimelogStores.<String, Flight>eventLogStoreType()));
  }

  private static String departures(
      BoardQuestion question, ReadOnlyEventLogStore<String, Flight> store) {
    String airport = question.airport();
    List<Flight> found = new ArrayList<>();
    try (EventLogIterator<String, Flight> flights =
        airport == null ? store.scanAll(question.range()) : store.scan(airport, question.range())) {
      while (found.size() < MAX_FLIGHTS && flights.hasNext()) {
        found.add(flights.next().value());
      }
      return BoardJson.departures(question, found, !flights.hasNext());
    }
  }

  private static String count(BoardQuestion question, ReadOnlyEventLogStore<String, Flight> store) {
    String airport = question.airport();
    return BoardJson.count(
        question,
        airport == null ? store.count(question.range()) : store.count(airport, question.range()));
  }

  private String summary(URI uri) {
    if (uri.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "The summary is of the whole board: query=" + uri.getRawQuery() + ", expected none");
    }
    ReadOnlyEventLogStore<String, Flight> store = store();
    return BoardJson.summary(
        airports,
        store.count(BoardQuestion.all().range()),
        store.minTimestamp(),
        store.maxTimestamp());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
