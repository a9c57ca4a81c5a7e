package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TimePrecisionTest {
  @ParameterizedTest
  @CsvSource({"SECONDS, 10", "MILLIS, 10500", "MICROS, 10500000", "NANOS, 10500000000"})
  void toTimestamp_countsTicksSinceTheEpoch(TimePrecision precision, long expected) {
    assertThat(precision.toTimestamp(Instant.ofEpochSecond(10, 500_000_000))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"SECONDS, -2", "MILLIS, -1001", "MICROS, -1000001", "NANOS, -1000000001"})
  void toTimestamp_ofAnInstantBetweenTicks_isTheEarlierOne(TimePrecision precision, long expected) {
    Instant justBeforeTheTick = Instant.ofEpochSecond(-1).minusNanos(1);

    assertThat(precision.toTimestamp(justBeforeTheTick)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"MILLIS", "MICROS", "NANOS"})
  void everyLong_isAnInstantAndComesBack(TimePrecision precision) {
    for (long timestamp : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
      assertThat(precision.toTimestamp(precision.toInstant(timestamp))).isEqualTo(timestamp);
    }
  }

  @Test
  void everyInstant_fitsIntoSeconds() {
    assertThat(TimePrecision.SECONDS.toTimestamp(Instant.MIN)).isEqualTo(-31557014167219200L);
    assertThat(TimePrecision.SECONDS.toTimestamp(Instant.MAX)).isEqualTo(31556889864403199L);
  }

  @Test
  void toTimestamp_ofAnInstantJustOutside_namesInstantAndPrecision() {
    Instant last = TimePrecision.NANOS.toInstant(Long.MAX_VALUE);
    Instant first = TimePrecision.NANOS.toInstant(Long.MIN_VALUE);

    assertThatThrownBy(() -> TimePrecision.NANOS.toTimestamp(last.plusNanos(1)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The instant does not fit into a timestamp: instant=2262-04-11T23:47:16.854775808Z,"
                + " precision=NANOS");
    assertThatThrownBy(() -> TimePrecision.NANOS.toTimestamp(first.minusNanos(1)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The instant does not fit into a timestamp: instant=1677-09-21T00:12:43.145224191Z,"
                + " precision=NANOS");
  }

  @Test
  void toInstant_ofATimestampOutside_namesTimestampAndPrecision() {
    assertThatThrownBy(() -> TimePrecision.SECONDS.toInstant(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The timestamp does not fit into an Instant: timestamp=9223372036854775807,"
                + " precision=SECONDS");
  }

  @ParameterizedTest
  @CsvSource({"SECONDS, 60", "MILLIS, 60000", "MICROS, 60000000", "NANOS, 60000000000"})
  void durations_areTicksBothWays(TimePrecision precision, long ticks) {
    assertThat(precision.toTicks(Duration.ofMinutes(1))).isEqualTo(ticks);
    assertThat(precision.toDuration(ticks)).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @EnumSource
  void everyLong_isADurationAndComesBack(TimePrecision precision) {
    for (long ticks : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
      assertThat(precision.toTicks(precision.toDuration(ticks))).isEqualTo(ticks);
    }
  }

  @Test
  void toTicks_ofAFractionOfATick_isRefused() {
    assertThatThrownBy(() -> TimePrecision.MILLIS.toTicks(Duration.ofNanos(1_500_000)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The duration is not a whole number of ticks: duration=PT0.0015S, precision=MILLIS");
  }

  @Test
  void toTicks_ofADurationTooLong_namesDurationAndPrecision() {
    assertThatThrownBy(() -> TimePrecision.MILLIS.toTicks(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The duration does not fit into ticks: duration=PT2562047788015215H30M7S,"
                + " precision=MILLIS");
  }

  @Test
  void toRange_isHalfOpen() {
    TimeRange range =
        TimePrecision.SECONDS.toRange(Instant.ofEpochSecond(10), Instant.ofEpochSecond(20));

    assertThat(range).isEqualTo(TimeRange.of(10, 20));
  }

  @Test
  void rangesThatMeetAsInstants_meetAsTimestamps() {
    Instant middle = Instant.ofEpochSecond(15, 1);

    TimeRange left = TimePrecision.SECONDS.toRange(Instant.ofEpochSecond(10), middle);
    TimeRange right = TimePrecision.SECONDS.toRange(middle, Instant.ofEpochSecond(20));

    assertThat(left).isEqualTo(TimeRange.of(10, 15));
    assertThat(right).isEqualTo(TimeRange.of(15, 20));
  }

  @Test
  void null_isRefusedByName() {
    assertThatThrownBy(() -> TimePrecision.MILLIS.toTimestamp(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("instant");
    assertThatThrownBy(() -> TimePrecision.MILLIS.toTicks(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("duration");
  }
}
