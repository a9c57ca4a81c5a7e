package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * The jobs. An event is a key, a time and a value; a result is a number that depends on all that
 * went into it.
 */
public enum JobKind implements Named {
  /** All events of each minute are kept until the minute is over. */
  TUMBLING_LIST("tumbling-list") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events.window(TumblingEventTimeWindows.of(MINUTE)).process(new OfList());
    }
  },
  /** All events of each minute, which begins each quarter of a minute. */
  SLIDING_LIST("sliding-list") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events
          .window(SlidingEventTimeWindows.of(MINUTE, MINUTE.dividedBy(4)))
          .process(new OfList());
    }
  },
  /** A sum of each minute, which begins each five seconds. */
  SLIDING_SUM("sliding-sum") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events
          .window(SlidingEventTimeWindows.of(MINUTE, MINUTE.dividedBy(12)))
          .aggregate(new Sum(), new OfSum());
    }
  },
  /** All events of each session. */
  SESSION_LIST("session-list") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events.window(EventTimeSessionWindows.withGap(GAP)).process(new OfList());
    }
  },
  /** A sum of each session. */
  SESSION_SUM("session-sum") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events.window(EventTimeSessionWindows.withGap(GAP)).aggregate(new Sum(), new OfSum());
    }
  },
  /** Every second event with the others of its key in the third of a minute before it. */
  INTERVAL_JOIN("interval-join") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events
          .filter(event -> event.f2 % 2 == 0)
          .keyBy(event -> event.f0)
          .intervalJoin(events.filter(event -> event.f2 % 2 != 0).keyBy(event -> event.f0))
          .between(MINUTE.dividedBy(3).negated(), Duration.ZERO)
          .process(new OfPair());
    }
  },
  /** At each event the sum of the last half minute, of which a map has a sum for each second. */
  ROLLING_MAP("rolling-map") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events.process(new Rolling(MINUTE.dividedBy(2)));
    }
  },
  /** What SQL's OVER does for a RANGE of half a minute: a map of times to lists of rows. */
  OVER("over") {
    @Override
    DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events) {
      return events.process(new Over(MINUTE.dividedBy(2)));
    }
  };

  private static final Choices<JobKind> CHOICES = new Choices<>("job", "job", values());

  /** The ids of all jobs, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration GAP = Duration.ofSeconds(10);
  private static final double USUAL_PART_OF_HEAP = 0.75;
  private static final int MANY_EVENTS_PER_KEY = 100;

  private final String id;

  JobKind(String id) {
    this.id = id;
  }

  /** The word that stands for the job in options and result files. */
  @Override
  public String id() {
    return id;
  }

  /**
   * The jobs of these ids.
   *
   * @throws IllegalArgumentException if there is none of an id; the message lists them
   */
  public static List<JobKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }

  /** As {@link #listOf}, for one. */
  public static JobKind of(String id) {
    return CHOICES.of(id);
  }

  /**
   * The least part of the heap backend's throughput that is expected of Timelog: all of it for jobs
   * that go through a map at each event, and for joins that find many.
   */
  public double ofHeapAtLeast(int eventsPerKey) {
    return switch (this) {
      case ROLLING_MAP, OVER -> 1;
      case INTERVAL_JOIN -> eventsPerKey >= MANY_EVENTS_PER_KEY ? 1 : USUAL_PART_OF_HEAP;
      default -> USUAL_PART_OF_HEAP;
    };
  }

  /** Adds the operator to a job; its function tells {@link Gauge} of its thread. */
  abstract DataStream<Long> define(KeyedStream<Tuple3<Long, Long, Long>, Long> events);
}
