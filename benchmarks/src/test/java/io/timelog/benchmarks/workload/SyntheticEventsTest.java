package io.timelog.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SyntheticEventsTest {
  private static final Workload WORKLOAD =
      new Workload(50, 24, 10_000, 0, 100, 5, 100, 1_000, 500, 0, 0, 7);

  private final SyntheticEvents events = new SyntheticEvents(WORKLOAD);

  @Test
  void timestamps_lieBackAsOftenAndAsFarAsTheWorkloadSays() {
    int displaced = 0;
    for (long number = 200; number < 10_000; number++) {
      long back = number - events.timestamp(number);
      assertThat(back).isBetween(0L, 100L);
      displaced += back > 0 ? 1 : 0;
    }

    assertThat(displaced).isBetween(400, 600);
  }

  @Test
  void keys_areAsManyAsTheWorkloadSays() {
    Set<List<Byte>> keys = new HashSet<>();
    for (long number = 0; number < 10_000; number++) {
      keys.add(boxed(events.key(number)));
    }

    assertThat(keys).hasSize(50);
  }

  @Test
  void event_isTheSameEachTimeItIsMade() {
    SyntheticEvents again = new SyntheticEvents(WORKLOAD);

    assertThat(again.key(17)).isEqualTo(events.key(17));
    assertThat(again.value(17)).isEqualTo(events.value(17)).hasSize(24);
    assertThat(again.timestamp(17)).isEqualTo(events.timestamp(17));
  }

  @Test
  void forEachBetween_givesWhatASearchThroughAllEventsFinds() {
    List<Long> found = new ArrayList<>();
    for (long number = 0; number < 10_000; number++) {
      long timestamp = events.timestamp(number);
      if (timestamp >= 300 && timestamp < 700) {
        found.add(number);
      }
    }

    List<Long> given = new ArrayList<>();
    events.forEachBetween(300, 700, (key, timestamp, sequence) -> given.add(sequence));

    assertThat(given).isEqualTo(found);
    assertThat(events.countSince(9_000, 10_000))
        .isEqualTo(found(10_000).stream().filter(timestamp -> timestamp >= 9_000).count());
  }

  private List<Long> found(long count) {
    List<Long> timestamps = new ArrayList<>();
    for (long number = 0; number < count; number++) {
      timestamps.add(events.timestamp(number));
    }
    return timestamps;
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }
}
