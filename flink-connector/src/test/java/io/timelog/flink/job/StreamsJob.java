package io.timelog.flink.job;

import static java.time.Duration.ofMillis;

import io.timelog.flink.streams.TimelogStreams;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;

/** All operators of {@link TimelogStreams} in one job, each in its own lines. */
final class StreamsJob {
  /** How far an event of the join may lie behind and before the other. */
  static final long BEFORE = 90;

  static final long AFTER = 40;

  /** How long events are aggregated, and how long something is known. */
  static final long SIZE = 1_500;

  /** What is the same again. */
  static final long WITHIN = 60;

  private StreamsJob() {}

  static DataStream<String> define(KeyedStream<Event, Integer> events) {
    KeyedStream<Event, Integer> even = events.filter(StreamsJob::isEven).keyBy(Event::key);
    KeyedStream<Event, Integer> odd = events.filter(e -> !isEven(e)).keyBy(Event::key);
    DataStream<String> inner =
        TimelogStreams.intervalJoin(even, odd, ofMillis(-BEFORE), ofMillis(AFTER))
            .lowerBoundExclusive()
            .apply((left, right) -> line("inner", left, right))
            .returns(Types.STRING)
            .uid("inner");
    DataStream<String> full =
        TimelogStreams.intervalJoin(even, odd, ofMillis(-BEFORE), ofMillis(AFTER))
            .fullOuter()
            .apply((left, right) -> line("full", left, right))
            .returns(Types.STRING)
            .uid("full");
    DataStream<String> asOf =
        TimelogStreams.asOfJoin(even, odd, ofMillis(SIZE))
            .leftOuter()
            .apply((left, right) -> line("as of", left, right))
            .returns(Types.STRING)
            .uid("as-of");
    DataStream<String> onEvent =
        TimelogStreams.rollingAggregate(events, ofMillis(SIZE))
            .aggregate(new Total())
            .uid("rolling-on-event")
            .map(result -> line("on event", result.f0, result.f1))
            .returns(Types.STRING);
    DataStream<String> onWatermark =
        TimelogStreams.rollingAggregate(events, ofMillis(SIZE))
            .emitOnWatermark()
            .aggregate(new Total())
            .uid("rolling-on-watermark")
            .map(result -> line("on watermark", result.f0, result.f1))
            .returns(Types.STRING);
    DataStream<String> sorted =
        TimelogStreams.sortByEventTime(events)
            .uid("sorted")
            .keyBy(Event::key)
            .process(new WithPredecessor())
            .uid("predecessors");
    DataStream<String> deduplicated =
        TimelogStreams.deduplicate(events, ofMillis(WITHIN))
            .uid("deduplicated")
            .map(event -> line("first", event, null))
            .returns(Types.STRING);
    return inner.union(full, asOf, onEvent, onWatermark, sorted, deduplicated);
  }

  static boolean isEven(Event event) {
    return event.value % 2 == 0;
  }

  static String line(String what, Event one, Event other) {
    return what + " " + name(one) + " " + name(other);
  }

  static String line(String what, Event event, long total) {
    return what + " " + name(event) + " " + total;
  }

  private static String name(Event event) {
    return event == null ? "-" : String.valueOf(event.value);
  }

  /** Adds values up; of type (how many, sum), so that it is more than one number. */
  static final class Total implements AggregateFunction<Event, Tuple2<Long, Long>, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Tuple2<Long, Long> createAccumulator() {
      return Tuple2.of(0L, 0L);
    }

    @Override
    public Tuple2<Long, Long> add(Event event, Tuple2<Long, Long> sum) {
      sum.f0++;
      sum.f1 += event.value;
      return sum;
    }

    @Override
    public Long getResult(Tuple2<Long, Long> sum) {
      return of(sum.f0, sum.f1);
    }

    @Override
    public Tuple2<Long, Long> merge(Tuple2<Long, Long> one, Tuple2<Long, Long> other) {
      one.f0 += other.f0;
      one.f1 += other.f1;
      return one;
    }

    static long of(long count, long sum) {
      return 1_000_000_007L * count + sum;
    }
  }
}
