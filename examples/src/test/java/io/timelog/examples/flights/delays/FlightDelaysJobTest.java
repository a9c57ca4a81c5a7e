package io.timelog.examples.flights.delays;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.run.JobRun;
import io.timelog.examples.flights.run.Pace;
import io.timelog.examples.flights.run.Progress;
import io.timelog.examples.flights.run.Runs;
import io.timelog.examples.flights.run.StopSignal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, with a broker. */
@Timeout(180)
final class FlightDelaysJobTest {
  private static final HoppingWindows WINDOWS =
      new HoppingWindows(ofMinutes(60), ofMinutes(15), ofMinutes(30));

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
  private Path directory;

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void run_comesToWhatThePlainComputationComesTo() throws Exception {
    List<Flight> flights = FlightFile.read(5_000);
    Outcome expected = PlainComputation.of(flights, WINDOWS, Runs.PARTITIONING).outcome();

    Outcome actual = Runs.of(flights, new FlightDelaysJob(WINDOWS), directory);

    assertThat(Differences.between(expected, actual)).isEmpty();
    assertThat(actual.droppedUpdates()).isPositive();
  }

  @Test
  void run_thatIsStoppedOnTheWay_cleansUp() throws Exception {
    StopSignal stop = new StopSignal();
    Progress stopAtFirstFlight =
        new Runs.NoProgress() {
          @Override
          public void advance(long flights, long streamTimeMillis) {
            if (flights > 0) {
              stop.raise();
            }
          }
        };
    JobRun run =
        new JobRun(
            FlightFile.read(5_000),
            Runs.PARTITIONING,
            new Pace.PerSecond(100),
            stopAtFirstFlight,
            stop);

    assertThatThrownBy(() -> run.run(new FlightDelaysJob(WINDOWS), directory))
        .isInstanceOf(StopSignal.StoppedException.class);
  }
}
