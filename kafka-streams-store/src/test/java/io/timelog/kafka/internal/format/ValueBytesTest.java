package io.timelog.kafka.internal.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.state.internals.RecordConverter;
import org.apache.kafka.streams.state.internals.RecordConverters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as Kafka Streams makes them pass, and what is cut off too early does not. */
final class ValueBytesTest {

  /** What Kafka Streams makes of an empty value, so that nothing of it can be missed. */
  private static byte[] converted(RecordConverter converter, int headerBytes) {
    RecordHeaders headers = new RecordHeaders();
    if (headerBytes > 0) {
      headers.add("h", "x".repeat(headerBytes).getBytes(UTF_8));
    }
    return converter
        .convert(
            new ConsumerRecord<>(
                "topic",
                0,
                0,
                1L << 40,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                headers,
                Optional.empty()))
        .value();
  }

  @Test
  void timestampedValue_hasRoomForItsTimestamp() {
    byte[] value = converted(RecordConverters.rawValueToTimestampedValue(), 0);

    assertThatNoException().isThrownBy(() -> ValueBytes.checkTimestamped(value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValueBytes.checkTimestamped(Arrays.copyOf(value, 7)))
        .withMessage("Value is too short for its timestamp: length=7, minimum=8");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 100, 10_000, 2_000_000})
  void valueWithHeaders_hasRoomForHeadersAndTimestamp(int headerBytes) {
    byte[] value = converted(RecordConverters.rawValueToHeadersValue(), headerBytes);

    assertThatNoException().isThrownBy(() -> ValueBytes.checkWithHeaders(value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValueBytes.checkWithHeaders(Arrays.copyOf(value, value.length - 1)))
        .withMessageStartingWith("Value is too short for its headers and timestamp: length=")
        .withMessageEndingWith(", minimum=" + value.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 100, 10_000, 2_000_000})
  void aggregateWithHeaders_hasRoomForHeaders(int headerBytes) {
    byte[] aggregate = converted(RecordConverters.rawValueToSessionHeadersValue(), headerBytes);

    assertThatNoException().isThrownBy(() -> ValueBytes.checkAggregateWithHeaders(aggregate));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ValueBytes.checkAggregateWithHeaders(
                    Arrays.copyOf(aggregate, aggregate.length - 1)))
        .withMessageStartingWith("Value is too short for its headers: length=")
        .withMessageEndingWith(", minimum=" + aggregate.length);
  }

  @Test
  void lengthOfHeaders_thatIsNoLength_isRefused() {
    byte[] endless = {-1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] negative = {1, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] largest = {-2, -1, -1, -1, 15, 0, 0, 0, 0, 0, 0, 0, 0};

    for (byte[] value : new byte[][] {endless, negative, {}, {-1}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ValueBytes.checkWithHeaders(value))
          .withMessage(
              "Value does not begin with the length of its headers: length=" + value.length);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValueBytes.checkWithHeaders(largest))
        .withMessageContaining("headersLength=" + Integer.MAX_VALUE);
  }

  @Test
  void nullValue_isGood() {
    assertThatNoException()
        .isThrownBy(
            () -> {
              ValueBytes.checkTimestamped(null);
              ValueBytes.checkWithHeaders(null);
              ValueBytes.checkAggregateWithHeaders(null);
            });
  }
}
