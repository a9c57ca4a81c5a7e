package io.timelog.flink.streams;

import io.timelog.flink.internal.order.DeduplicateOperator;
import io.timelog.flink.internal.order.SortOperator;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Operators over keyed streams, by event time.
 *
 * <pre>{@code
 * TimelogStreams.intervalJoin(orders.keyBy(Order::id), payments.keyBy(Payment::order), ofHours(-1), ofHours(1))
 *     .leftOuter()
 *     .process(new OrderWithPayment())
 *     .uid("paid-orders");
 *
 * TimelogStreams.rollingAggregate(delays.keyBy(Delay::airport), ofMinutes(30)).aggregate(new Mean());
 *
 * TimelogStreams.asOfJoin(trades.keyBy(Trade::symbol), quotes.keyBy(Quote::symbol), ofMinutes(5))
 *     .apply(Priced::new);
 *
 * TimelogStreams.sortByEventTime(events.keyBy(Event::device));
 *
 * TimelogStreams.deduplicate(clicks.keyBy(Click::id), ofMinutes(10));
 * }</pre>
 *
 * <p>Every record needs a timestamp; one without fails the job, as does one within the longest
 * duration of an operator before the end of time. Durations count in milliseconds, of which parts
 * are dropped. A record is <em>late</em> where the watermark has reached its timestamp, in an
 * interval join, as in Flink's own, where it has passed it. Late records go to a side output or are
 * counted in the metric {@code numLateRecordsDropped}; they are never among the results.
 *
 * <p>What is returned is an operator of the DataStream API, to be given a name, a uid, a
 * parallelism and a type like any other. Its state is {@link
 * io.timelog.flink.state.TimeIndexedState}: it works on every backend, is rescaled, and moves with
 * canonical savepoints.
 */
public final class TimelogStreams {
  private TimelogStreams() {}

  /**
   * Joins records of the same key whose distance in time lies between two bounds: each left record
   * with the right ones from {@code left + lower} to {@code left + upper}, both included. An inner
   * join in the beginning; see {@link IntervalJoin}.
   *
   * @throws IllegalArgumentException if {@code lower} is more than {@code upper}
   */
  public static <L, R, K> IntervalJoin<L, R, K> intervalJoin(
      KeyedStream<L, K> left, KeyedStream<R, K> right, Duration lower, Duration upper) {
    return new IntervalJoin<>(left, right, Millis.of("lower", lower), Millis.of("upper", upper));
  }

  /**
   * Joins each left record with the latest right one of the same key that is as old or older, but
   * not more than {@code tolerance} older. See {@link AsOfJoin}.
   *
   * @throws IllegalArgumentException if {@code tolerance} is negative
   */
  public static <L, R, K> AsOfJoin<L, R, K> asOfJoin(
      KeyedStream<L, K> left, KeyedStream<R, K> right, Duration tolerance) {
    return new AsOfJoin<>(left, right, Millis.ofNotNegative("tolerance", tolerance));
  }

  /**
   * Aggregates at each record those of its key in the time {@code size} up to it. See {@link
   * RollingAggregate}.
   *
   * @throws IllegalArgumentException if {@code size} is less than a millisecond
   */
  public static <T, K> RollingAggregate<T, K> rollingAggregate(
      KeyedStream<T, K> stream, Duration size) {
    return new RollingAggregate<>(stream, Millis.ofPositive("size", size));
  }

  /**
   * Brings the records of each key into the order of time, those with the same timestamp into that
   * of their arrival: holds a record back until the watermark has reached it. Late records are
   * dropped.
   */
  public static <T, K> SingleOutputStreamOperator<T> sortByEventTime(KeyedStream<T, K> stream) {
    return sort(stream, null);
  }

  /** As {@link #sortByEventTime(KeyedStream)}, with late records in a side output. */
  public static <T, K> SingleOutputStreamOperator<T> sortByEventTime(
      KeyedStream<T, K> stream, OutputTag<T> late) {
    return sort(stream, Objects.requireNonNull(late, "late"));
  }

  private static <T, K> SingleOutputStreamOperator<T> sort(
      KeyedStream<T, K> stream, @Nullable OutputTag<T> late) {
    TypeInformation<T> type = stream.getType();
    return stream.transform(
        "Sort by event time", type, new SortOperator<K, T>(serializer(stream), late));
  }

  /**
   * Lets the first record of a key through, and none that is less than {@code within} apart from
   * one that was let through, before or after it. First is who comes first, not who is oldest: a
   * record goes through when it comes, or never. Late records are dropped.
   *
   * @throws IllegalArgumentException if {@code within} is less than a millisecond
   */
  public static <T, K> SingleOutputStreamOperator<T> deduplicate(
      KeyedStream<T, K> stream, Duration within) {
    return deduplicated(stream, within, null);
  }

  /** As {@link #deduplicate(KeyedStream, Duration)}, with late records in a side output. */
  public static <T, K> SingleOutputStreamOperator<T> deduplicate(
      KeyedStream<T, K> stream, Duration within, OutputTag<T> late) {
    return deduplicated(stream, within, Objects.requireNonNull(late, "late"));
  }

  private static <T, K> SingleOutputStreamOperator<T> deduplicated(
      KeyedStream<T, K> stream, Duration within, @Nullable OutputTag<T> late) {
    return stream.transform(
        "Deduplicate",
        stream.getType(),
        new DeduplicateOperator<K, T>(Millis.ofPositive("within", within), late));
  }

  /** What writes the records of a stream. */
  static <T> TypeSerializer<T> serializer(DataStream<T> stream) {
    return serializer(stream, stream.getType());
  }

  /** What writes values of a type in the job of a stream. */
  static <T> TypeSerializer<T> serializer(DataStream<?> stream, TypeInformation<T> type) {
    return type.createSerializer(
        stream.getExecutionEnvironment().getConfig().getSerializerConfig());
  }
}
