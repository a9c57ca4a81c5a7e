package io.timelog.flink.internal.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.typeutils.runtime.NullableSerializer;
import org.junit.jupiter.api.Test;

final class OrderTest {
  private static final long[] BY_TIME = {Long.MIN_VALUE, -2, -1, 0, 1, 2, Long.MAX_VALUE};
  private static final long[] BY_BYTES = {0, 1, 2, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1};

  private static List<TimeRange> ranges() {
    List<TimeRange> ranges = new ArrayList<>();
    for (long first : BY_TIME) {
      for (long last : BY_TIME) {
        if (first <= last) {
          ranges.add(TimeRange.closed(first, last));
        }
      }
    }
    return ranges;
  }

  private static void requireNothingBehindTheEnd(Order order, long[] timestamps) {
    for (TimeRange range : ranges()) {
      for (int i = 0; i < timestamps.length; i++) {
        boolean more = LongStream.of(timestamps).skip(i + 1).anyMatch(range::contains);
        boolean over = order.isOver(range, timestamps[i]);
        assertThat(more && over).as("%s, at %s", range, timestamps[i]).isFalse();
        if (!more && !range.contains(timestamps[i]) && range.first() >= 0) {
          assertThat(over).as("%s, at %s", range, timestamps[i]).isTrue();
        }
      }
    }
  }

  @Test
  void byTime_isOverAfterTheLastTimestamp() {
    requireNothingBehindTheEnd(Order.BY_TIME, BY_TIME);
  }

  @Test
  void byBytes_isOverAfterTheLastTimestampFromZeroOn() {
    requireNothingBehindTheEnd(Order.BY_BYTES, BY_BYTES);
  }

  @Test
  void unknownOrder_isNeverOver() {
    assertThat(Order.UNKNOWN.isOver(TimeRange.at(1), 2)).isFalse();
  }

  @Test
  void order_isThatOfTheBackend() {
    TimeIndexedStateDescriptor<String> descriptor =
        new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);
    assertThat(Order.of("rocksdb", descriptor)).isEqualTo(Order.BY_BYTES);
    assertThat(Order.of("forst", descriptor)).isEqualTo(Order.BY_BYTES);
    assertThat(Order.of("timelog", descriptor)).isEqualTo(Order.BY_TIME);
    assertThat(Order.of("hashmap", descriptor)).isEqualTo(Order.UNKNOWN);
  }

  /** Other bytes may be in another order. */
  @Test
  void order_isUnknownWithAnotherSerializerOfTimestamps() {
    assertThat(
            Order.of(
                "rocksdb",
                new MapStateDescriptor<>(
                    "events",
                    NullableSerializer.wrap(LongSerializer.INSTANCE, true),
                    new ListSerializer<>(StringSerializer.INSTANCE))))
        .isEqualTo(Order.UNKNOWN);
  }
}
