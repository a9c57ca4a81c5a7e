package io.timelog.examples.flights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.ReadOnlyEventLogStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Answers over HTTP, on a free port of this machine, from the event-log store of an application.
 *
 * <ul>
 *   <li>{@code /departures?airport=LAX&from=2001-01-07T08:00:00Z&to=2001-01-07T09:00:00Z}: the
 *       flights, a line each, in time order
 *   <li>{@code /count} with the same parameters: how many there are
 * </ul>
 *
 * <p>Every parameter may be left out: then of all airports, from the first flight on, to the last.
 * {@code to} itself is not in the range. What is asked for while the application starts or its
 * partitions move is answered with 503, so ask again.
 */
final class BoardServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final AtomicReference<@Nullable Application> application = new AtomicReference<>();

  private BoardServer(HttpServer server) {
    this.server = server;
    server.createContext("/departures", exchange -> answer(exchange, BoardServer::departures));
    server.createContext("/count", exchange -> answer(exchange, BoardServer::count));
  }

  private interface Question {
    String ask(
        ReadOnlyEventLogStore<String, Flight> store, @Nullable String airport, TimeRange range);
  }

  /** Starts to listen. */
  static BoardServer start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    BoardServer server = new BoardServer(http);
    http.start();
    return server;
  }

  /** From now on answers come from this application. */
  void show(Application running) {
    application.set(running);
  }

  /** The address of a path with its query, like {@code /count?airport=LAX}. */
  URI address(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private record Answer(int status, String text) {}

  private void answer(HttpExchange exchange, Question question) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange.getRequestURI(), question);
      byte[] body = answer.text().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", TEXT);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private Answer answer(URI uri, Question question) {
    try {
      Map<String, String> parameters = parameters(uri);
      TimeRange range = TimeRange.of(millis(parameters, "from"), millis(parameters, "to"));
      return new Answer(200, question.ask(store(), parameters.get("airport"), range));
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      return new Answer(400, "Not a question: " + e.getMessage() + "\n");
    } catch (InvalidStateStoreException e) {
      return new Answer(503, "Ask again: " + e.getMessage() + "\n");
    }
  }

  private static Map<String, String> parameters(URI uri) {
    Map<String, String> parameters = new HashMap<>();
    String query = uri.getRawQuery();
    if (query != null) {
      for (String parameter : query.split("&", -1)) {
        String[] parts = parameter.split("=", 2);
        if (parts.length != 2 || !Arrays.asList("airport", "from", "to").contains(parts[0])) {
          throw new IllegalArgumentException(
              "parameter=" + parameter + ", expected=airport=, from= or to=");
        }
        parameters.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
      }
    }
    return parameters;
  }

  private static long millis(Map<String, String> parameters, String name) {
    String text = parameters.get(name);
    if (text == null) {
      return name.equals("from") ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return Instant.parse(text).toEpochMilli();
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
      ReadOnlyEventLogStore<String, Flight> store, @Nullable String airport, TimeRange range) {
    StringBuilder lines = new StringBuilder();
    try (EventLogIterator<String, Flight> flights =
        airport == null ? store.scanAll(range) : store.scan(airport, range)) {
      flights.forEachRemaining(entry -> lines.append(entry.value().line()).append('\n'));
    }
    return lines.toString();
  }

  private static String count(
      ReadOnlyEventLogStore<String, Flight> store, @Nullable String airport, TimeRange range) {
    return (airport == null ? store.count(range) : store.count(airport, range)) + "\n";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
