package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackendFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs on a cluster in this process that are switched to this backend by configuration alone, and
 * fail twice on the way: they have the results that they have on the heap without a failure.
 */
final class JobTest {
  private static final long EVENTS = 20_000;
  private static final int FAILURES = 2;

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
    FailingOnce.FAILURES_LEFT.set(0);
    List<String> expected = run(job, "hashmap");

    FailingOnce.FAILURES_LEFT.set(FAILURES);
    List<String> results = run(job, TimelogStateBackendFactory.class.getName());

    assertThat(FailingOnce.FAILURES_LEFT).as("failures that did not come").hasValue(0);
    assertThat(results).hasSizeGreaterThan(100).isEqualTo(expected);
  }

  @SuppressWarnings("try") // the results are closed on the thread of the test
  private static List<String> run(Job job, String backend) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, backend);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(40));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "jobmanager");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, FAILURES);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(2);
    KeyedStream<Event, Integer> events =
        environment
            .fromSequence(0, EVENTS - 1)
            .setParallelism(1)
            .map(Event::of)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ofMillis(200))
                    .withTimestampAssigner((event, before) -> event.time))
            .setParallelism(1)
            .keyBy(Event::key)
            .map(new FailingOnce())
            .keyBy(Event::key);
    List<String> results = new ArrayList<>();
    try (CloseableIterator<String> found = job.build(events).executeAndCollect()) {
      found.forEachRemaining(results::add);
    }
    Collections.sort(results);
    return results;
  }
}
