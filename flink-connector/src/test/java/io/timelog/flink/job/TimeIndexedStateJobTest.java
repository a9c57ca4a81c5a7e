package io.timelog.flink.job;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs with time-indexed state, which fail twice, have the results of the one that keeps a map by
 * hand, on the heap without a failure.
 *
 * <p>On foreign backends the state is one map, whichever they are: one job and one of asynchronous
 * state run on all of them, the others on the heap for all.
 */
final class TimeIndexedStateJobTest {
  enum Backend {
    TIMELOG,
    HEAP,
    ROCKSDB,
    FORST;

    JobRun run() {
      return switch (this) {
        case TIMELOG -> JobRun.onTimelog();
        case HEAP -> JobRun.onHeap();
        case ROCKSDB -> JobRun.onRocksDb();
        case FORST -> JobRun.onForSt();
      };
    }
  }

  private static List<String> expected = List.of();

  @BeforeAll
  static void computeByHand() throws Exception {
    expected = JobRun.resultsOnHeap(events -> events.process(new Rolling()));
  }

  private static DataStream<String> byTime(KeyedStream<Event, Integer> events) {
    return events.process(RollingEvents.plain());
  }

  @ParameterizedTest
  @EnumSource
  @Tag("oldest-flink")
  void function_hasTheResultsOfAMap(Backend on) throws Exception {
    on.run().requireResults(expected, TimeIndexedStateJobTest::byTime);
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "HEAP"})
  void operator_hasTheResultsOfAMap(Backend on) throws Exception {
    on.run()
        .requireResults(
            expected, events -> events.transform("rolling", Types.STRING, new RollingOperator()));
  }

  /** Nothing but the changelog has the state when the job comes back: what bypasses it is lost. */
  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "HEAP"})
  void changelog_hasAllOfIt(Backend on) throws Exception {
    on.run()
        .with(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true)
        .with(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "memory")
        .with(StateChangelogOptions.PERIODIC_MATERIALIZATION_INTERVAL, Duration.ofDays(1))
        .requireResults(expected, TimeIndexedStateJobTest::byTime);
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "HEAP"})
  void timeToLive_isThatOfAMap(Backend on) throws Exception {
    on.run()
        .requireResults(
            expected, events -> events.process(RollingEvents.withTimeToLive(Duration.ofHours(1))));
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "HEAP"})
  void measuredState_isTheSameState(Backend on) throws Exception {
    on.run()
        .with(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true)
        .requireResults(expected, TimeIndexedStateJobTest::byTime);
  }

  @ParameterizedTest
  @EnumSource
  void asynchronousState_isTheSameState(Backend on) throws Exception {
    on.run()
        .requireResults(
            expected,
            events -> events.enableAsyncState().process(RollingEvents.ofAsynchronousState()));
  }

  @Test
  void batch_hasTheSameResults() throws Exception {
    JobRun.onTimelog().requireResultsInBatchMode(expected, TimeIndexedStateJobTest::byTime);
  }
}
