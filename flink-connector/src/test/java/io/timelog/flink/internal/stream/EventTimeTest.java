package io.timelog.flink.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

final class EventTimeTest {
  private final EventTime time = new EventTime("a join", 100);

  @Test
  void plus_endsWhereTimeEnds() {
    assertThat(EventTime.plus(5, -7)).isEqualTo(-2);
    assertThat(EventTime.plus(Long.MAX_VALUE - 1, 5)).isEqualTo(Long.MAX_VALUE);
    assertThat(EventTime.plus(Long.MIN_VALUE + 1, -5)).isEqualTo(Long.MIN_VALUE);
    assertThat(EventTime.plus(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(-1);
  }

  @Test
  void timestamp_isThatOfTheRecord() {
    assertThat(time.of(new StreamRecord<>("row", -3))).isEqualTo(-3);
    assertThat(time.of(new StreamRecord<>("row", Long.MAX_VALUE - 100)))
        .isEqualTo(Long.MAX_VALUE - 100);
  }

  @Test
  void recordWithoutTimestamp_isRefused() {
    assertThatThrownBy(() -> time.of(new StreamRecord<>("row")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A record has no timestamp. Call assignTimestampsAndWatermarks on the stream before:"
                + " operator=a join");
  }

  @Test
  void recordWhoseTimersWouldLieBehindTheEndOfTime_isRefused() {
    assertThatThrownBy(() -> time.of(new StreamRecord<>("row", Long.MAX_VALUE - 99)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "timestamp=" + (Long.MAX_VALUE - 99),
            "latest=" + (Long.MAX_VALUE - 100),
            "operator=a join");
  }
}
