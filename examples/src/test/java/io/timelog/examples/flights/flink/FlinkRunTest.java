package io.timelog.examples.flights.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.delays.HoppingWindows;
import io.timelog.examples.flights.run.Pace;
import io.timelog.examples.flights.run.Partitioning;
import io.timelog.examples.flights.run.Progress;
import io.timelog.examples.flights.run.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole run, with a broker and a cluster. */
@Timeout(180)
final class FlinkRunTest {
  private static final HoppingWindows WINDOWS =
      new HoppingWindows(Duration.ofMinutes(60), Duration.ofMinutes(15), Duration.ZERO);
  private static final Connecting CONNECTING = new Connecting(60, Duration.ofMinutes(30));

  @Test
  void run_whoseTaskManagerIsKilled_comesToWhatThePlainComputationComesTo() throws Exception {
    List<Flight> flights = FlightFile.read(10_000);
    Found expected = PlainConnections.of(flights, WINDOWS, CONNECTING);
    List<String> phases = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }

          @Override
          public void advance(long now, long streamTimeMillis) {
            assertThat(now).isBetween(1L, 10_000L);
          }
        };

    Found actual =
        new FlinkRun(flights, new Partitioning(2), new Pace.Unlimited(), progress, new StopSignal())
            .run(WINDOWS, CONNECTING);

    assertThat(expected.missed()).hasSizeGreaterThan(100);
    assertThat(actual).isEqualTo(expected);
    assertThat(phases).anyMatch(phase -> phase.startsWith("Killing"));
  }
}
