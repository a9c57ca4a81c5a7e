package io.timelog.examples.flights.delays;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class FlightDelaysTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return new CommandLine(new FlightDelays())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void help_namesEveryOption() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString())
        .contains(
            "Usage: flight-delays",
            "--flights",
            "--rate",
            "--window-minutes",
            "--advance-minutes",
            "--grace-minutes",
            "--partitions",
            "--rows",
            "--min-departures");
  }

  @ParameterizedTest
  @CsvSource({
    "--flights=0, --flights must be at least 1: 0",
    "--rate=0, --rate must be at least 1: 0",
    "--window-minutes=0, --window-minutes must be at least 1: 0",
    "--advance-minutes=61, --advance-minutes must be at least 1 and at most --window-minutes: 61",
    "--grace-minutes=-1, --grace-minutes must not be negative: -1",
    "--partitions=0, --partitions must be at least 1: 0",
    "--rows=0, --rows must be at least 1: 0",
    "--flights=many, Invalid value for option '--flights'",
    "--nonsense, Unknown option: '--nonsense'"
  })
  void wrongOption_isNamed_andNothingIsRun(String option, String message) {
    assertThat(execute(option)).isEqualTo(2);

    assertThat(err.toString()).contains(message).contains("Usage: flight-delays");
    assertThat(out.toString()).isEmpty();
  }
}
