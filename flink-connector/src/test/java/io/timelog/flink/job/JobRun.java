package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackendFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** A run of a job over the events, on a cluster in this process, with checkpoints. */
final class JobRun {
  static final long EVENTS = 12_000;
  static final int FAILURES = 2;

  private final Configuration configuration = new Configuration();

  private JobRun(String backend) {
    configuration.set(StateBackendOptions.STATE_BACKEND, backend);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(40));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "jobmanager");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
  }

  /** A run on Flink's heap backend. */
  static JobRun onHeap() {
    return new JobRun("hashmap");
  }

  /** A run on RocksDB. */
  static JobRun onRocksDb() {
    return new JobRun("rocksdb");
  }

  /** A run on ForSt. */
  static JobRun onForSt() {
    return new JobRun("forst");
  }

  /** A run on our backend. */
  static JobRun onTimelog() {
    return new JobRun(TimelogStateBackendFactory.class.getName());
  }

  /** With a setting of the cluster. */
  <T> JobRun with(ConfigOption<T> option, T value) {
    configuration.set(option, value);
    return this;
  }

  /** Goes on after so many failures. */
  JobRun failures(int allowed) {
    return with(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
        .with(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, allowed)
        .with(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
  }

  /** The settings of the cluster. */
  Configuration configuration() {
    return configuration;
  }

  /** Requires that a job that fails twice has the results that it has on the heap without it. */
  void requireResultsOfHeap(Function<KeyedStream<Event, Integer>, DataStream<String>> job)
      throws Exception {
    requireResults(resultsOnHeap(job), job);
  }

  /** What a job makes of the events on the heap, without a failure. */
  static List<String> resultsOnHeap(Function<KeyedStream<Event, Integer>, DataStream<String>> job)
      throws Exception {
    FailingOnce.FAILURES_LEFT.set(0);
    return onHeap().results(job);
  }

  /** Requires that a job that fails twice has these results. */
  void requireResults(
      List<String> expected, Function<KeyedStream<Event, Integer>, DataStream<String>> job)
      throws Exception {
    FailingOnce.FAILURES_LEFT.set(FAILURES);
    List<String> results = failures(FAILURES).results(job);

    assertThat(FailingOnce.FAILURES_LEFT).as("failures that did not come").hasValue(0);
    assertThat(results).hasSizeGreaterThan(100).isEqualTo(expected);
  }

  /** Requires that a job has these results in batch mode, where no checkpoints are to fail at. */
  void requireResultsInBatchMode(
      List<String> expected, Function<KeyedStream<Event, Integer>, DataStream<String>> job)
      throws Exception {
    FailingOnce.FAILURES_LEFT.set(0);
    assertThat(with(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH).results(job))
        .hasSizeGreaterThan(100)
        .isEqualTo(expected);
  }

  /** What a job makes of the events, sorted. */
  @SuppressWarnings("try") // the results are closed on the thread of the test
  private List<String> results(Function<KeyedStream<Event, Integer>, DataStream<String>> job)
      throws Exception {
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
    try (CloseableIterator<String> found = job.apply(events).executeAndCollect()) {
      found.forEachRemaining(results::add);
    }
    Collections.sort(results);
    return results;
  }
}
