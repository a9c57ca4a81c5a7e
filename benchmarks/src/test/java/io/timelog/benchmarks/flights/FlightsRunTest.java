package io.timelog.benchmarks.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.engine.EngineKind;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlightsRunTest {
  private static final long MINUTE = 60_000;
  private static final long START = 1_000_000 * MINUTE;

  @TempDir private Path directory;
  private String file = "";

  @BeforeEach
  void writeFlightsThatAreUpToADayLate() throws IOException {
    Path csv = directory.resolve("flights.csv.gz");
    Random random = new Random(42);
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(csv)), StandardCharsets.UTF_8)) {
      out.write("scheduled_ms,delay_min,distance_mi,origin,destination\n");
      for (int i = 0; i < 10_500; i++) {
        int delay = random.nextInt(1440);
        out.write("%d,%d,100,A%02d,B\n".formatted(START + (i - delay) * MINUTE, delay, i % 30));
      }
    }
    file = csv.toString();
  }

  @Test
  void bothOrders_endWithTheSameEntries() {
    FlightsResult expected = run(EngineKind.TREE_MAP, Arrival.SORTED);

    for (EngineKind kind : List.of(EngineKind.TIMELOG, EngineKind.IDEAL)) {
      assertThat(run(kind, Arrival.OBSERVED).finalChecksum()).isEqualTo(expected.finalChecksum());
      assertThat(run(kind, Arrival.SORTED).scanChecksum()).isEqualTo(expected.scanChecksum());
    }
  }

  @Test
  void disorder_isWhatTheNamesSay() {
    assertThat(run(EngineKind.IDEAL, Arrival.OBSERVED).outOfOrderPercent()).isGreaterThan(90);
    assertThat(run(EngineKind.IDEAL, Arrival.SORTED).outOfOrderPercent()).isZero();
  }

  @Test
  void file_isRepeatedInWholeMultiples() {
    FlightsResult result = run(EngineKind.IDEAL, Arrival.OBSERVED);

    assertThat(result.events()).isEqualTo(30_000);
  }

  private FlightsResult run(EngineKind kind, Arrival arrival) {
    return FlightsRun.run(kind, new FlightsRun.Input(file, arrival, 25_000));
  }
}
