package io.timelog.examples.flights.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.run.Runs;
import io.timelog.examples.flights.run.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for people, in a real browser. */
@Timeout(180)
final class BoardPageTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final Pattern ROW =
      Pattern.compile(
          "<tr><td class=\"time\">(\\d\\d:\\d\\d)</td><td class=\"code\">([A-Z]{3})</td>");
  private static final Pattern REMARK = Pattern.compile("<td class=\"(\\w*)\">([^<]*)</td></tr>");
  private static final Pattern MENU = Pattern.compile("<option value=\"([A-Z]{3})\">");
  private static final Pattern NOTE = Pattern.compile("<p id=\"note\"[^>]*>([^<]*)</p>");

  @Test
  void page_showsTheLastHourOfDeparturesOfAnAirport_andAllAirportsInAMenu(@TempDir Path directory)
      throws Exception {
    Optional<Browser> browser = Browser.find();
    assumeTrue(
        browser.isPresent(),
        "No browser on the path: install Chromium, such as by apt-get install chromium. Looked for "
            + Browser.NAMES);
    List<Flight> flights = FlightFile.read(3_000);
    String document;
    try (BoardServer server = BoardServer.start(flights)) {
      document =
          Runs.of(
              flights,
              new DepartureBoardJob<>(
                  server,
                  (departures, stop) ->
                      browser.orElseThrow().document(server.address("/"), directory)),
              directory);
    }
    List<Flight> expected = lastHour(flights, "JFK");

    assertThat(expected).isNotEmpty();
    assertThat(ROW.matcher(document).results().map(row -> row.group(1) + " " + row.group(2)))
        .containsExactlyElementsOf(
            expected.stream()
                .map(flight -> Times.clock(flight.scheduledMillis()) + " " + flight.destination())
                .toList());
    assertThat(REMARK.matcher(document).results().map(remark -> remark.group(2)))
        .containsExactlyElementsOf(
            expected.stream().map(flight -> remark(flight.delayMinutes())).toList());
    assertThat(MENU.matcher(document).results().map(option -> option.group(1)))
        .containsExactlyElementsOf(
            flights.stream().map(Flight::origin).distinct().sorted().toList());
    assertThat(NOTE.matcher(document).results().map(note -> note.group(1)).findFirst())
        .hasValueSatisfying(note -> assertThat(note).contains("from JFK, Mon, Jan 1"));
  }

  /** In the order in which an event-log store tells flights of one time: as they were observed. */
  private static List<Flight> lastHour(List<Flight> flights, String airport) {
    List<Flight> all =
        flights.stream()
            .filter(flight -> flight.origin().equals(airport))
            .sorted(Comparator.comparingLong(Flight::scheduledMillis))
            .toList();
    long last = all.get(all.size() - 1).scheduledMillis() / HOUR;
    return all.stream().filter(flight -> flight.scheduledMillis() / HOUR == last).toList();
  }

  private static String remark(int minutes) {
    if (minutes > 10) {
      return "delayed " + minutes + " min";
    }
    return minutes < -10 ? -minutes + " min early" : "on time";
  }
}
