package io.timelog.examples.flights.delays;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class HoppingWindowsTest {
  private static final long MINUTE = 60_000;

  @Test
  void starts_areThoseOfKafkaStreams() {
    for (HoppingWindows windows :
        List.of(
            new HoppingWindows(ofMinutes(60), ofMinutes(15), ofMinutes(0)),
            new HoppingWindows(ofMinutes(60), ofMinutes(60), ofMinutes(0)),
            new HoppingWindows(ofMinutes(10), ofMinutes(3), ofMinutes(0)))) {
      for (long millis : new long[] {0, MINUTE, 59 * MINUTE, 60 * MINUTE, 978_307_380_001L}) {
        assertThat(windows.startsAround(millis).boxed())
            .as("%s at %s", windows, millis)
            .containsExactlyElementsOf(windows.timeWindows().windowsFor(millis).keySet());
      }
    }
  }

  @Test
  void window_closesWhenStreamTimeIsTheGracePastItsEnd() {
    HoppingWindows windows = new HoppingWindows(ofMinutes(10), ofMinutes(5), ofMinutes(3));

    assertThat(windows.isClosed(0, 13 * MINUTE - 1)).isFalse();
    assertThat(windows.isClosed(0, 13 * MINUTE)).isTrue();
    assertThat(windows.retention()).isEqualTo(ofMinutes(13));
  }

  @Test
  void starts_coverTheMoment() {
    HoppingWindows windows = new HoppingWindows(ofMinutes(10), ofMinutes(5), ofMinutes(3));

    assertThat(windows.startsAround(20 * MINUTE).toArray())
        .isEqualTo(LongStream.of(15 * MINUTE, 20 * MINUTE).toArray());
  }
}
