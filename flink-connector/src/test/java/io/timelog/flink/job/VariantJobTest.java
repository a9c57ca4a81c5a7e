package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimerService;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jobs with timers in tables, with asynchronous state, or with a changelog. They fail twice, and
 * have the results that they have on the heap without a failure.
 */
final class VariantJobTest {
  private static final int FAILURES = 2;

  @Test
  void timersInTables_fireAsThoseOnTheHeap() throws Exception {
    JobRun run =
        JobRun.onTimelog().with(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG);

    requireResultsOfHeap(run, events -> events.process(new Rolling()));
    requireResultsOfHeap(
        run,
        events ->
            events
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(60)))
                .process(new Listed<>()));
  }

  @Test
  @Tag("oldest-flink")
  void asynchronousState_isTheSameState() throws Exception {
    requireResultsOfHeap(
        JobRun.onTimelog(), events -> events.enableAsyncState().process(new AsyncRolling()));
  }

  @Test
  void asynchronousWindows_haveTheSameContent() throws Exception {
    requireResultsOfHeap(
        JobRun.onTimelog().with(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG),
        events ->
            events
                .enableAsyncState()
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
                .process(new Listed<>()));
  }

  @Test
  void changelog_isWrittenAndReadBack() throws Exception {
    requireResultsOfHeap(
        JobRun.onTimelog()
            .with(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true)
            .with(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "memory")
            .with(StateChangelogOptions.PERIODIC_MATERIALIZATION_INTERVAL, Duration.ofMillis(100)),
        events -> events.process(new Rolling()));
  }

  private static void requireResultsOfHeap(
      JobRun run, Function<KeyedStream<Event, Integer>, DataStream<String>> job) throws Exception {
    FailingOnce.FAILURES_LEFT.set(0);
    List<String> expected = JobRun.onHeap().results(job);

    FailingOnce.FAILURES_LEFT.set(FAILURES);
    List<String> results = run.failures(FAILURES).results(job);

    assertThat(FailingOnce.FAILURES_LEFT).as("failures that did not come").hasValue(0);
    assertThat(results).hasSizeGreaterThan(100).isEqualTo(expected);
  }
}
