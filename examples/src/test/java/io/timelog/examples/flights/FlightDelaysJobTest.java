package io.timelog.examples.flights;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs, with a broker. */
@Timeout(180)
final class FlightDelaysJobTest {
  private static final HoppingWindows WINDOWS =
      new HoppingWindows(ofMinutes(60), ofMinutes(15), ofMinutes(30));

  private final List<Path> before = temporaryDirectories();

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(temporaryDirectories()).isEqualTo(before);
  }

  @Test
  void run_comesToWhatThePlainComputationComesTo() throws Exception {
    List<Flight> flights = FlightFile.read(5_000);
    Outcome expected = PlainComputation.of(flights, WINDOWS, Runs.PARTITIONING).outcome();

    Outcome actual = Runs.of(flights, new FlightDelaysJob(WINDOWS));

    assertThat(Check.differences(expected, actual)).isEmpty();
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

    assertThatThrownBy(() -> run.run(new FlightDelaysJob(WINDOWS)))
        .isInstanceOf(StopSignal.StoppedException.class);
  }

  private static List<Path> temporaryDirectories() {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("timelog-flights-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
