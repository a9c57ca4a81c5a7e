package io.timelog.examples.flights.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.TimeRange;
import java.net.URI;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know of the board.
 *
 * @param airport whose departures; null for those of all
 * @param from the first instant; null for the oldest on the board
 * @param to the end, which is not included; null for the newest and what comes
 */
record BoardQuestion(@Nullable String airport, @Nullable Instant from, @Nullable Instant to) {
  /** No question needs more. */
  private static final int MAX_QUERY_LENGTH = 200;

  private static final Set<String> PARAMETERS = Set.of("airport", "from", "to");

  /** For all that is on the board. */
  static BoardQuestion all() {
    return new BoardQuestion(null, null, null);
  }

  /**
   * Reads the query of an address, such as {@code airport=JFK&from=2001-01-07T08:00:00Z}.
   *
   * @param airports that there are
   * @throws IllegalArgumentException if it is no question, with the value and what is expected
   */
  static BoardQuestion of(URI uri, Set<String> airports) {
    Map<String, String> parameters = parameters(uri.getRawQuery());
    BoardQuestion question =
        new BoardQuestion(
            airport(parameters.get("airport"), airports),
            instant("from", parameters.get("from")),
            instant("to", parameters.get("to")));
    if (question.from != null && question.to != null && question.to.isBefore(question.from)) {
      throw new IllegalArgumentException(
          "to must not be before from: from=" + question.from + ", to=" + question.to);
    }
    return question;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    if (query.length() > MAX_QUERY_LENGTH) {
      throw new IllegalArgumentException(
          "The query is too long: length=" + query.length() + ", maximum=" + MAX_QUERY_LENGTH);
    }
    for (String parameter : query.split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      if (parts.length != 2 || !PARAMETERS.contains(parts[0])) {
        throw new IllegalArgumentException(
            "Unknown parameter: " + parameter + ", expected airport=, from= or to=");
      }
      if (parameters.put(parts[0], URLDecoder.decode(parts[1], UTF_8)) != null) {
        throw new IllegalArgumentException("Given twice: " + parts[0]);
      }
    }
    return parameters;
  }

  private static @Nullable String airport(@Nullable String code, Set<String> airports) {
    if (code != null && !airports.contains(code)) {
      throw new IllegalArgumentException(
          "No departures from this airport: airport="
              + code
              + ", expected one of the "
              + airports.size()
              + " codes of /summary, such as JFK");
    }
    return code;
  }

  private static @Nullable Instant instant(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.ofEpochMilli(Instant.parse(text).toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "Not a time: " + name + "=" + text + ", expected a form like 2001-01-07T08:00:00Z", e);
    }
  }

  /** The instants that are asked for. */
  TimeRange range() {
    return TimeRange.of(
        from == null ? Long.MIN_VALUE : from.toEpochMilli(),
        to == null ? Long.MAX_VALUE : to.toEpochMilli());
  }
}
