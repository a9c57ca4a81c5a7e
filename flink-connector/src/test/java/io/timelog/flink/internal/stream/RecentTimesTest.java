package io.timelog.flink.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecentTimesTest {
  private final RecentTimes<String> times = new RecentTimes<>();

  @Test
  void time_isThatOfItsKey_untilItIsForgotten() {
    times.put("a", 7);
    assertThat(times.of("a")).isEqualTo(7);
    assertThat(times.of("b")).isEqualTo(RecentTimes.UNKNOWN);

    times.forget("a");
    assertThat(times.of("a")).isEqualTo(RecentTimes.UNKNOWN);
  }

  /** Keys of one slot drive each other out, but never have each other's time. */
  @Test
  void time_isUnknownOrRight_howeverManyKeysThereAre() {
    Map<String, Long> expected = new HashMap<>();
    Random random = new Random(1);
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      String key = "key " + random.nextInt(20_000);
      long found = times.of(key);
      if (found != RecentTimes.UNKNOWN) {
        known++;
        assertThat(found).isEqualTo(expected.get(key));
      }
      if (random.nextInt(10) == 0) {
        times.forget(key);
      } else {
        times.put(key, i);
        expected.put(key, (long) i);
      }
    }
    assertThat(known).isGreaterThan(1_000);
  }
}
