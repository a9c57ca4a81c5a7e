package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.run.FeedOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of every command that counts departures in hopping windows. */
public final class WindowOptions {
  @Option(
      names = "--window-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "Length of a window (default: ${DEFAULT-VALUE}).")
  private int windowMinutes;

  @Option(
      names = "--advance-minutes",
      paramLabel = "N",
      defaultValue = "15",
      description = "Time from one window to the next (default: ${DEFAULT-VALUE}).")
  private int advanceMinutes;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rows of each table (default: ${DEFAULT-VALUE}).")
  private int rows;

  /**
   * Checks the options.
   *
   * @throws picocli.CommandLine.ParameterException if one is wrong, with its value
   */
  public void check(FeedOptions feed) {
    feed.require(windowMinutes >= 1, "--window-minutes must be at least 1: " + windowMinutes);
    feed.require(
        advanceMinutes >= 1 && advanceMinutes <= windowMinutes,
        "--advance-minutes must be at least 1 and at most --window-minutes: "
            + advanceMinutes
            + ", --window-minutes "
            + windowMinutes);
    feed.require(rows >= 1, "--rows must be at least 1: " + rows);
  }

  /** The windows, each open for late flights for that long. */
  public HoppingWindows windows(Duration grace) {
    return new HoppingWindows(
        Duration.ofMinutes(windowMinutes), Duration.ofMinutes(advanceMinutes), grace);
  }

  /** How many rows a table has. */
  public int rows() {
    return rows;
  }
}
