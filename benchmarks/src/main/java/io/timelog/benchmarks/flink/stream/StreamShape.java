package io.timelog.benchmarks.flink.stream;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import io.timelog.flink.streams.TimelogStreams;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** An operator, and what comes to it; events are keys, times and numbers. */
public enum StreamShape implements Named {
  /** Both sides at the same time: an event finds some sixteen of its key, among as many. */
  INTERVAL_JOIN("interval-join", "interval join, equal load", 100_000, 400_000, 1, 1) {
    @Override
    SingleOutputStreamOperator<?> define(
        StreamContender contender, KeyedStream<Tuple3<Long, Long, Long>, Long> stream) {
      return join(contender, stream, TWENTY_SECONDS.negated(), Duration.ZERO);
    }

    @Override
    void step(HostedOperator operator, long number) throws Exception {
      Tuple3<Long, Long, Long> event =
          Disorder.event(number, 1_000, number * TWENTY_SECONDS.toMillis() / 33_000);
      if (number % 2 == 0) {
        operator.left(event);
      } else {
        operator.right(event);
      }
      operator.mark(event.f1 - Disorder.MILLIS);
    }
  },
  /** The right side is a hundred thousand events of the same key ahead; an event finds sixteen. */
  INTERVAL_JOIN_AHEAD(
      "interval-join-ahead", "interval join, other side 100 k ahead", 100_000, 300, 1, 100) {
    @Override
    SingleOutputStreamOperator<?> define(
        StreamContender contender, KeyedStream<Tuple3<Long, Long, Long>, Long> stream) {
      return join(contender, stream, Duration.ZERO, Duration.ofMillis(15));
    }

    @Override
    void prepare(HostedOperator operator, long number) throws Exception {
      operator.right(Tuple3.of(1L, number, number));
    }

    @Override
    void step(HostedOperator operator, long number) throws Exception {
      operator.left(Tuple3.of(1L, number % 1_000, number));
    }
  },
  /**
   * An event a second of each key, of which there are a thousand: 1,800 of them in half an hour.
   */
  ROLLING("rolling", "rolling sum, 30 minutes, 1 k keys", 2_000_000, 100_000, 20, 1) {
    @Override
    SingleOutputStreamOperator<?> define(
        StreamContender contender, KeyedStream<Tuple3<Long, Long, Long>, Long> stream) {
      return contender == StreamContender.TIMELOG
          ? TimelogStreams.rollingAggregate(stream, HALF_AN_HOUR).aggregate(new Sum())
          : stream.process(new MapRolling(HALF_AN_HOUR));
    }

    @Override
    void step(HostedOperator operator, long number) throws Exception {
      Tuple3<Long, Long, Long> event = Disorder.event(number, 1_000, number);
      operator.left(event);
      operator.mark(event.f1 - Disorder.MILLIS);
    }
  };

  private static final Choices<StreamShape> CHOICES =
      new Choices<>("operator", "operator", values());

  /** The ids of all shapes, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private static final Duration TWENTY_SECONDS = Duration.ofSeconds(20);
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  private final String id;
  private final String title;
  private final int before;
  private final int weighed;
  private final double ofHeapAtLeast;
  private final double ofRocksDbAtLeast;

  StreamShape(
      String id,
      String title,
      int before,
      int weighed,
      double ofHeapAtLeast,
      double ofRocksDbAtLeast) {
    this.id = id;
    this.title = title;
    this.before = before;
    this.weighed = weighed;
    this.ofHeapAtLeast = ofHeapAtLeast;
    this.ofRocksDbAtLeast = ofRocksDbAtLeast;
  }

  private static SingleOutputStreamOperator<?> join(
      StreamContender contender,
      KeyedStream<Tuple3<Long, Long, Long>, Long> stream,
      Duration lower,
      Duration upper) {
    return contender == StreamContender.TIMELOG
        ? TimelogStreams.intervalJoin(stream, stream, lower, upper).process(new Pair())
        : stream.intervalJoin(stream).between(lower, upper).process(new Pair());
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** How many events come before those that are weighed. */
  public int before() {
    return before;
  }

  /** How many events are weighed. */
  public int weighed() {
    return weighed;
  }

  /** How many times what Timelog's operator costs the usual one should cost on the heap. */
  public double ofHeapAtLeast() {
    return ofHeapAtLeast;
  }

  /** As {@link #ofHeapAtLeast}, on RocksDB. */
  public double ofRocksDbAtLeast() {
    return ofRocksDbAtLeast;
  }

  /** Adds the operator to a job. */
  abstract SingleOutputStreamOperator<?> define(
      StreamContender contender, KeyedStream<Tuple3<Long, Long, Long>, Long> stream);

  /** Gives the operator an event that comes before those that are weighed. */
  void prepare(HostedOperator operator, long number) throws Exception {
    step(operator, number);
  }

  /** Gives the operator an event, and the watermark behind it. */
  abstract void step(HostedOperator operator, long number) throws Exception;

  /**
   * The shape of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static StreamShape of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<StreamShape> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
