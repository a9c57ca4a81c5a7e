package io.timelog.examples.flights.board;

import io.timelog.examples.flights.data.Flight;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answers of the board for programs: every field with its name, and the unit in it. */
final class BoardJson {
  private static final Pattern DEPARTURE =
      Pattern.compile(
          "\\{\"scheduled\":\"([^\"]+)\",\"delayMinutes\":(-?\\d+),\"distanceMiles\":(\\d+),"
              + "\"origin\":\"([A-Z]{3})\",\"destination\":\"([A-Z]{3})\"\\}");

  private BoardJson() {}

  /**
   * Departures.
   *
   * @param complete whether these are all that were asked for
   */
  static String departures(BoardQuestion question, List<Flight> flights, boolean complete) {
    return "{"
        + asked(question)
        + ",\"complete\":"
        + complete
        + ",\"departures\":["
        + flights.stream().map(BoardJson::departure).collect(Collectors.joining(","))
        + "]}\n";
  }

  private static String asked(BoardQuestion question) {
    return "\"airport\":"
        + text(question.airport())
        + ",\"from\":"
        + text(question.from())
        + ",\"to\":"
        + text(question.to());
  }

  private static String departure(Flight flight) {
    return "{\"scheduled\":"
        + text(Instant.ofEpochMilli(flight.scheduledMillis()))
        + ",\"delayMinutes\":"
        + flight.delayMinutes()
        + ",\"distanceMiles\":"
        + flight.distanceMiles()
        + ",\"origin\":"
        + text(flight.origin())
        + ",\"destination\":"
        + text(flight.destination())
        + "}";
  }

  /** The departures of an answer, which {@link #departures} made. */
  static List<Flight> readDepartures(String json) {
    Matcher departures = DEPARTURE.matcher(json);
    return departures
        .results()
        .map(
            departure ->
                new Flight(
                    Instant.parse(departure.group(1)).toEpochMilli(),
                    Integer.parseInt(departure.group(2)),
                    Integer.parseInt(departure.group(3)),
                    departure.group(4),
                    departure.group(5)))
        .toList();
  }

  /** Whether an answer of {@link #departures} has all that was asked for. */
  static boolean isComplete(String json) {
    return json.contains("\"complete\":true");
  }

  /** How many departures there are. */
  static String count(BoardQuestion question, long count) {
    return "{" + asked(question) + ",\"count\":" + count + "}\n";
  }

  /** What is on the board. */
  static String summary(
      Collection<String> airports, long departures, OptionalLong oldest, OptionalLong newest) {
    return "{\"departures\":"
        + departures
        + ",\"oldest\":"
        + time(oldest)
        + ",\"newest\":"
        + time(newest)
        + ",\"airports\":["
        + airports.stream().sorted().map(BoardJson::text).collect(Collectors.joining(","))
        + "]}\n";
  }

  private static String time(OptionalLong millis) {
    return millis.isPresent() ? text(Instant.ofEpochMilli(millis.getAsLong())) : "null";
  }

  /** What went wrong. */
  static String error(String message) {
    return "{\"error\":" + text(message) + "}\n";
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    StringBuilder text = new StringBuilder("\"");
    for (char letter : value.toString().toCharArray()) {
      if (letter == '"' || letter == '\\') {
        text.append('\\').append(letter);
      } else if (letter < ' ') {
        text.append(String.format("\\u%04x", (int) letter));
      } else {
        text.append(letter);
      }
    }
    return text.append('"').toString();
  }
}
