package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs on a cluster in this process that are switched to this backend by configuration alone, and
 * fail twice on the way: they have the results that they have on the heap without a failure.
 */
final class JobTest {
  /** What jobs do with keyed state. */
  enum Job {
    LISTS_IN_TUMBLING_WINDOWS {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        return events
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
            .process(new Listed<>());
      }
    },
    SUMS_IN_SLIDING_WINDOWS {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        return events
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(900), Duration.ofMillis(300)))
            .aggregate(new Sum(), new Listed<>());
      }
    },
    LISTS_IN_SESSIONS {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        return events
            .window(EventTimeSessionWindows.withGap(Duration.ofMillis(60)))
            .process(new Listed<>());
      }
    },
    SUMS_IN_SESSIONS {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        return events
            .window(EventTimeSessionWindows.withGap(Duration.ofMillis(60)))
            .aggregate(new Sum(), new Listed<>());
      }
    },
    INTERVAL_JOIN {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        KeyedStream<Event, Integer> odd = events.filter(e -> e.value % 2 == 1).keyBy(Event::key);
        KeyedStream<Event, Integer> even = events.filter(e -> e.value % 2 == 0).keyBy(Event::key);
        return odd.intervalJoin(even)
            .between(Duration.ofMillis(-40), Duration.ofMillis(40))
            .process(new Pair());
      }
    },
    ROLLING_MAP {
      @Override
      DataStream<String> build(KeyedStream<Event, Integer> events) {
        return events.process(new Rolling());
      }
    };

    abstract DataStream<String> build(KeyedStream<Event, Integer> events);
  }

  @ParameterizedTest
  @EnumSource
  void job_hasTheResultsOfTheHeapBackend(Job job) throws Exception {
    JobRun.onTimelog().requireResultsOfHeap(job::build);
  }

  /** No timestamp is no place in time; Flink says so before a state is asked for it. */
  @Test
  void eventWithoutATimestamp_failsTheJobWithWhatToDo() {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(JobRun.onTimelog().configuration());
    KeyedStream<Event, Integer> events =
        environment.fromSequence(0, 9).map(Event::of).keyBy(Event::key);

    assertThatThrownBy(
            () ->
                events
                    .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
                    .process(new Listed<>())
                    .executeAndCollect(10))
        .rootCause()
        .hasMessageContaining("no timestamp marker")
        .hasMessageContaining("assignTimestampsAndWatermarks");
  }
}
