package io.timelog.benchmarks.kafka;

import io.timelog.benchmarks.report.UsageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Operators of the DSL with a state store; each reads the topics "in" and, if it joins, "other".
 */
public enum OperatorKind {
  HOPPING("hopping") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      grouped(builder)
          .windowedBy(TimeWindows.ofSizeAndGrace(MINUTE, GRACE).advanceBy(MINUTE.dividedBy(4)))
          .count()
          .toStream()
          .foreach((window, count) -> results.increment());
    }
  },
  SLIDING("sliding") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      grouped(builder)
          .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(MINUTE.dividedBy(4), GRACE))
          .count()
          .toStream()
          .foreach((window, count) -> results.increment());
    }
  },
  SESSION("session") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      grouped(builder)
          .windowedBy(SessionWindows.ofInactivityGapAndGrace(MINUTE.dividedBy(4), GRACE))
          .count()
          .toStream()
          .foreach((window, count) -> results.increment());
    }
  },
  INNER_JOIN("inner-join") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      stream(builder, "in")
          .join(stream(builder, "other"), (l, r) -> l, WINDOWS, joined())
          .foreach((key, value) -> results.increment());
    }
  },
  LEFT_JOIN("left-join") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      stream(builder, "in")
          .leftJoin(stream(builder, "other"), (l, r) -> l, WINDOWS, joined())
          .foreach((key, value) -> results.increment());
    }
  },
  EMIT_ON_CLOSE("emit-on-close") {
    @Override
    void addTo(StreamsBuilder builder, LongAdder results) {
      grouped(builder)
          .windowedBy(TimeWindows.ofSizeAndGrace(MINUTE, GRACE))
          .emitStrategy(EmitStrategy.onWindowClose())
          .count(
              Materialized.<byte[], Long, WindowStore<Bytes, byte[]>>with(
                      Serdes.ByteArray(), Serdes.Long())
                  // Kafka's store in memory forgets a window in the moment in which it is to be
                  // emitted, unless it is kept for longer.
                  .withRetention(MINUTE.multipliedBy(4)))
          .toStream()
          .foreach((window, count) -> results.increment());
    }
  };

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final JoinWindows WINDOWS =
      JoinWindows.ofTimeDifferenceAndGrace(Duration.ofSeconds(15), GRACE);

  private final String id;

  OperatorKind(String id) {
    this.id = id;
  }

  /** The word that stands for the operator in options and result files. */
  public String id() {
    return id;
  }

  /** The names of all operators, separated by commas. */
  public static String ids() {
    return String.join(",", Arrays.stream(values()).map(OperatorKind::id).toList());
  }

  /**
   * The operators of these names.
   *
   * @throws UsageException if there is none of a name
   */
  public static List<OperatorKind> listOf(List<String> ids) {
    return ids.stream().map(OperatorKind::of).toList();
  }

  private static OperatorKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new UsageException("No such operator: operator=" + id));
  }

  boolean joins() {
    return this == INNER_JOIN || this == LEFT_JOIN;
  }

  /** Adds the operator, which counts what it gives. */
  abstract void addTo(StreamsBuilder builder, LongAdder results);

  private static KStream<byte[], byte[]> stream(StreamsBuilder builder, String topic) {
    return builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()));
  }

  private static KGroupedStream<byte[], byte[]> grouped(StreamsBuilder builder) {
    return stream(builder, "in").groupByKey(Grouped.with(Serdes.ByteArray(), Serdes.ByteArray()));
  }

  private static StreamJoined<byte[], byte[], byte[]> joined() {
    return StreamJoined.with(Serdes.ByteArray(), Serdes.ByteArray(), Serdes.ByteArray());
  }
}
