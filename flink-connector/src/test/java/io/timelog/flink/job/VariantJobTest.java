package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimerService;
import java.time.Duration;
import java.util.Collection;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jobs with timers in tables, with asynchronous state, or with a changelog. They fail twice, and
 * have the results that they have on the heap without a failure.
 */
final class VariantJobTest {
  @Test
  void timersInTables_fireAsThoseOnTheHeap() throws Exception {
    JobRun run =
        JobRun.onTimelog().with(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG);

    run.requireResultsOfHeap(events -> events.process(new Rolling()));
    run.requireResultsOfHeap(
        events ->
            events
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(60)))
                .process(new Listed<>()));
  }

  @Test
  @Tag("oldest-flink")
  void asynchronousState_isTheSameState() throws Exception {
    JobRun.onTimelog()
        .requireResultsOfHeap(events -> events.enableAsyncState().process(new AsyncRolling()));
  }

  @Test
  @Tag("oldest-flink")
  void jobOfDataStreamV2_hasTheResultsOfTheHeapBackend() throws Exception {
    FailingOnce.FAILURES_LEFT.set(0);
    Collection<String> expected = ModernJob.run(JobRun.onHeap().configuration());

    FailingOnce.FAILURES_LEFT.set(JobRun.FAILURES);
    Collection<String> results =
        ModernJob.run(JobRun.onTimelog().failures(JobRun.FAILURES).configuration());

    assertThat(FailingOnce.FAILURES_LEFT).as("failures that did not come").hasValue(0);
    assertThat(results).hasSizeGreaterThan(100).isEqualTo(expected);
  }

  /** Which shows that it is not on another backend. */
  @Test
  void jobOfDataStreamV2_isRefusedWithoutManagedMemory() {
    JobRun run = JobRun.onTimelog().with(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ZERO);

    assertThatThrownBy(() -> ModernJob.run(run.configuration()))
        .hasStackTraceContaining("There is no managed memory for state");
  }

  @Test
  void asynchronousWindows_haveTheSameContent() throws Exception {
    JobRun.onTimelog()
        .with(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG)
        .requireResultsOfHeap(
            events ->
                events
                    .enableAsyncState()
                    .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
                    .process(new Listed<>()));
  }

  @Test
  void changelog_isWrittenAndReadBack() throws Exception {
    JobRun.onTimelog()
        .with(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true)
        .with(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "memory")
        .with(StateChangelogOptions.PERIODIC_MATERIALIZATION_INTERVAL, Duration.ofMillis(100))
        .requireResultsOfHeap(events -> events.process(new Rolling()));
  }
}
