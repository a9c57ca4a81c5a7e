package io.timelog.integration.flink.job;

import io.timelog.flink.streams.RollingAggregate;
import io.timelog.flink.streams.TimelogStreams;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * An operator of {@link TimelogStreams} in all of its kinds, with results from which everything can
 * be seen that it has seen.
 *
 * <p>Two inputs of an operator are not read in any order, so it is chance whether a reading is late
 * for a join. So each late one has a key of its own there, and no partner; and whether it goes
 * alone or to the side output, it is the same line.
 */
public enum StreamsOperator {
  INTERVAL_JOIN {
    @Override
    DataStream<String> of(KeyedStream<Reading, String> readings) {
      KeyedStream<Reading, String> left = left(readings);
      KeyedStream<Reading, String> right = right(readings);
      return Stream.of(JoinSides.values())
          .map(sides -> intervalJoin(sides, left, right))
          .reduce((one, other) -> one.union(other))
          .orElseThrow();
    }
  },

  AS_OF_JOIN {
    @Override
    DataStream<String> of(KeyedStream<Reading, String> readings) {
      SingleOutputStreamOperator<String> joined =
          TimelogStreams.asOfJoin(left(readings), right(readings), Duration.ofMillis(KNOWN_MILLIS))
              .leftOuter()
              .sideOutputLeftLateData(LATE)
              .apply((one, other) -> Line.ofPair(AS_OF, one, other))
              .returns(Types.STRING)
              .uid(AS_OF);
      return joined.union(lateLeft(AS_OF, joined));
    }
  },

  ROLLING_AGGREGATE {
    @Override
    DataStream<String> of(KeyedStream<Reading, String> readings) {
      return rolling(ON_EVENT, rolling(readings).emitOnEvent())
          .union(rolling(ON_WATERMARK, rolling(readings).emitOnWatermark()));
    }
  },

  SORT {
    @Override
    DataStream<String> of(KeyedStream<Reading, String> readings) {
      SingleOutputStreamOperator<Reading> sorted =
          TimelogStreams.sortByEventTime(readings, LATE).uid("sort");
      return sorted
          .keyBy(Reading::sensor)
          .process(new WithPredecessor())
          .uid("predecessors")
          .union(late(SORTED, sorted));
    }
  },

  DEDUPLICATE {
    @Override
    DataStream<String> of(KeyedStream<Reading, String> readings) {
      SingleOutputStreamOperator<Reading> first =
          TimelogStreams.deduplicate(readings, Duration.ofMillis(WITHIN_MILLIS), LATE)
              .uid("deduplicate");
      return first
          .map(reading -> Line.of(FIRST, reading))
          .returns(Types.STRING)
          .union(late(FIRST, first));
    }
  };

  /** How far the right reading of a pair may lie before the left one, and behind it. */
  static final long BEFORE_MILLIS = 60;

  static final long AFTER_MILLIS = 30;

  /** How long a right reading is known. */
  static final long KNOWN_MILLIS = 150;

  /** How long readings are aggregated: more than it takes to have summaries of them. */
  static final long SIZE_MILLIS = 6_000;

  /** How near readings are the same. */
  static final long WITHIN_MILLIS = 40;

  static final String AS_OF = "as of";
  static final String ON_EVENT = "on event";
  static final String ON_WATERMARK = "on watermark";
  static final String SORTED = "sorted";
  static final String FIRST = "first";

  private static final OutputTag<Reading> LATE =
      new OutputTag<>("late", TypeInformation.of(Reading.class));
  private static final OutputTag<Reading> LATE_RIGHT =
      new OutputTag<>("late right", TypeInformation.of(Reading.class));

  /** Adds the operator to a job, and makes lines of its results. */
  abstract DataStream<String> of(KeyedStream<Reading, String> readings);

  /** What a join's lines begin with. */
  static String nameOf(JoinSides sides) {
    return "join " + sides;
  }

  /** What lines of readings begin with that are late for an operator. */
  static String lateFor(String what) {
    return "late for " + what;
  }

  /** Whether a reading is on the left side of joins. */
  static boolean isLeft(Reading reading) {
    return reading.value() % 2 == 0;
  }

  private static String keyOfJoins(Reading reading) {
    return reading.isLate() ? "late " + reading.value() : reading.sensor();
  }

  private static KeyedStream<Reading, String> left(KeyedStream<Reading, String> readings) {
    return readings.filter(StreamsOperator::isLeft).keyBy(StreamsOperator::keyOfJoins);
  }

  private static KeyedStream<Reading, String> right(KeyedStream<Reading, String> readings) {
    return readings.filter(reading -> !isLeft(reading)).keyBy(StreamsOperator::keyOfJoins);
  }

  private static DataStream<String> intervalJoin(
      JoinSides sides, KeyedStream<Reading, String> left, KeyedStream<Reading, String> right) {
    String name = nameOf(sides);
    SingleOutputStreamOperator<String> joined =
        sides
            .of(
                TimelogStreams.intervalJoin(
                    left,
                    right,
                    Duration.ofMillis(-BEFORE_MILLIS),
                    Duration.ofMillis(AFTER_MILLIS)))
            .sideOutputLeftLateData(LATE)
            .sideOutputRightLateData(LATE_RIGHT)
            .apply((one, other) -> Line.ofPair(name, one, other))
            .returns(Types.STRING)
            .uid(name);
    DataStream<String> lines = joined;
    if (sides.haveLeft()) {
      lines = lines.union(lateLeft(name, joined));
    }
    if (sides.haveRight()) {
      lines =
          lines.union(
              joined
                  .getSideOutput(LATE_RIGHT)
                  .map(reading -> Line.ofPair(name, null, reading))
                  .returns(Types.STRING));
    }
    return lines;
  }

  private static DataStream<String> lateLeft(String name, SingleOutputStreamOperator<?> joined) {
    return joined
        .getSideOutput(LATE)
        .map(reading -> Line.ofPair(name, reading, null))
        .returns(Types.STRING);
  }

  private static RollingAggregate<Reading, String> rolling(KeyedStream<Reading, String> readings) {
    return TimelogStreams.rollingAggregate(readings, Duration.ofMillis(SIZE_MILLIS))
        .sideOutputLateData(LATE);
  }

  private static DataStream<String> rolling(
      String name, RollingAggregate<Reading, String> aggregate) {
    SingleOutputStreamOperator<Tuple2<Reading, Long>> results =
        aggregate.aggregate(new Trace()).uid(name);
    return results
        .map(result -> Line.of(name, result.f0, result.f1))
        .returns(Types.STRING)
        .union(late(name, results));
  }

  private static DataStream<String> late(String name, SingleOutputStreamOperator<?> operator) {
    return operator
        .getSideOutput(LATE)
        .map(reading -> Line.of(lateFor(name), reading))
        .returns(Types.STRING);
  }
}
