package io.timelog.examples.flights.delays;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static final long MINUTE = 60_000;
  private static final long MONDAY = 978_307_200_000L;
  private static final HoppingWindows WINDOWS =
      new HoppingWindows(ofMinutes(60), ofMinutes(15), ofMinutes(120));

  @Test
  void table_showsTheWorstOfOverlappingWindows_andLeavesOutQuietOnes() {
    Map<AirportWindow, Delays> results =
        Map.of(
            new AirportWindow("LAX", MONDAY), new Delays(10, 100),
            new AirportWindow("LAX", MONDAY + 15 * MINUTE), new Delays(10, 150),
            new AirportWindow("LAX", MONDAY + 75 * MINUTE), new Delays(10, 120),
            new AirportWindow("ATL", MONDAY), new Delays(12, 1_230),
            new AirportWindow("ORD", MONDAY), new Delays(9, 9_000));

    assertThat(text(report -> report.mostDelayed(results, WINDOWS, 10, 10)))
        .isEqualTo(
            """

            The 10 most delayed airport-hours (of 10 departures or more; where windows overlap, the worst)

                  airport  window                         departures  mean delay
               1. ATL      Mon 2001-01-01 00:00 to 01:00          12   102.5 min
               2. LAX      Mon 2001-01-01 00:15 to 01:15          10    15.0 min
               3. LAX      Mon 2001-01-01 01:15 to 02:15          10    12.0 min
            """);
  }

  @Test
  void lateness_isToldInFlightsAndUpdates() {
    Lateness lateness =
        new Lateness(
            2_000, 1_000, 30, 10, 70, new Flight(MONDAY, 1_607, 95, "CLE", "DTW"), 1_607 * MINUTE);

    assertThat(text(report -> report.lateness(lateness)))
        .isEqualTo(
            """

            What was late

              out of order      1,000 flights came after one with a later event time (50.0 %)
              late                 30 of them found a window closed
              lost                 10 of these found all their windows closed
              dropped              70 updates of windows, by Kafka Streams
              the latest    26 h 47 min behind: CLE to DTW, Mon 2001-01-01 00:00
            """);
  }

  @Test
  void verdict_saysOkOrWhatDiffers() {
    Outcome outcome =
        new Outcome(Map.of(new AirportWindow("LAX", MONDAY), new Delays(1, 2)), Map.of(), 3);

    assertThat(text(report -> report.verdict(outcome, List.of())))
        .isEqualTo(
            """

            Check: OK. 1 airport-hours, 0 windows still in the store and 3 dropped updates are those of a plain computation over the same file.
            """);
    assertThat(text(report -> report.verdict(outcome, List.of("Results differ: windows=1"))))
        .isEqualTo(
            """

            Check: FAILED. The application and a plain computation over the same file differ.
              Results differ: windows=1
            """);
  }

  private static String text(Consumer<Report> write) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    write.accept(new Report(out));
    out.flush();
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
