package io.timelog.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.better.BetterFlights;
import io.timelog.examples.flights.board.DepartureBoard;
import io.timelog.examples.flights.delays.FlightDelays;
import io.timelog.examples.flights.flink.FlightConnections;
import io.timelog.examples.flights.known.KnownDelays;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class CommandsTest {
  private static final Map<String, Callable<Integer>> COMMANDS =
      Map.of(
          "better-flights", new BetterFlights(),
          "departure-board", new DepartureBoard(),
          "flight-connections", new FlightConnections(),
          "flight-delays", new FlightDelays(),
          "known-delays", new KnownDelays());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String command, String option) {
    return new CommandLine(COMMANDS.get(command))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(option);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          better-flights     | --late-minutes=15     | --late-minutes must be more than 15: 15
          better-flights     | --within-minutes=-1   | --within-minutes must not be negative: -1
          departure-board    | --airport=lax         | --airport must be three capital letters: lax
          flight-connections | --window-minutes=0    | --window-minutes must be at least 1: 0
          flight-connections | --advance-minutes=90  | --advance-minutes must be at least 1 and at most --window-minutes: 90, --window-minutes 60
          flight-connections | --change-minutes=0    | --change-minutes must be at least 1: 0
          flight-connections | --rows=-3             | --rows must be at least 1: -3
          flight-delays      | --advance-minutes=0   | --advance-minutes must be at least 1 and at most --window-minutes: 0, --window-minutes 60
          known-delays       | --flights=0           | --flights must be at least 1: 0
          known-delays       | --tolerance-minutes=-1 | --tolerance-minutes must not be negative: -1
          """)
  void wrongOption_isNamedWithItsValue(String command, String option, String message) {
    assertThat(execute(command, option)).isEqualTo(2);

    assertThat(err.toString()).contains(message).contains("Usage: " + command);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"better-flights", "departure-board", "flight-connections", "flight-delays"})
  void help_tellsWhatIsFed(String command) {
    assertThat(execute(command, "--help")).isZero();

    assertThat(out.toString()).contains("Usage: " + command, "--flights", "--rate", "--partitions");
  }
}
