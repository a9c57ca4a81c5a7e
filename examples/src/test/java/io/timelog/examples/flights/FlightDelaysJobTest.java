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
  private static final Partitioning PARTITIONING = new Partitioning(2);

  private final List<Path> before = temporaryDirectories();

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(temporaryDirectories()).isEqualTo(before);
  }

  @Test
  void run_comesToWhatThePlainComputationComesTo() throws Exception {
    List<Flight> flights = FlightFile.read(5_000);
    Outcome expected = PlainComputation.of(flights, WINDOWS, PARTITIONING).outcome();

    Outcome actual = job(flights, new NoProgress(), new StopSignal()).run();

    assertThat(Check.differences(expected, actual)).isEmpty();
    assertThat(actual.droppedUpdates()).isPositive();
  }

  @Test
  void run_thatIsStoppedOnTheWay_cleansUp() throws Exception {
    StopSignal stop = new StopSignal();
    Progress stopAtFirstFlight =
        new NoProgress() {
          @Override
          public void advance(long flights, long streamTimeMillis) {
            if (flights > 0) {
              stop.raise();
            }
          }
        };
    FlightDelaysJob job =
        new FlightDelaysJob(
            FlightFile.read(5_000),
            WINDOWS,
            PARTITIONING,
            new Pace.PerSecond(100),
            stopAtFirstFlight,
            stop);

    assertThatThrownBy(job::run).isInstanceOf(StopSignal.StoppedException.class);
  }

  private static FlightDelaysJob job(List<Flight> flights, Progress progress, StopSignal stop) {
    return new FlightDelaysJob(
        flights, WINDOWS, PARTITIONING, new Pace.Unlimited(), progress, stop);
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

  private static class NoProgress implements Progress {
    @Override
    public void phase(String what) {}

    @Override
    public void advance(long flights, long streamTimeMillis) {}
  }
}
