package io.timelog.benchmarks.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.workload.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends come to the same results: what is compared is the same work. */
final class JobRunTest {
  private static final int EVENTS = 3_000;
  private static final int KEYS = 20;

  @ParameterizedTest
  @EnumSource(JobKind.class)
  void jobsComeToTheSameOnTimelogAndTheHeap(JobKind job) {
    JobInput input = new JobInput(job, EVENTS, KEYS, Chaining.ON, false);

    JobCost heap = JobRun.measure(Contender.HEAP, input);

    assertThat(heap.results()).isPositive();
    requireEqual(heap, JobRun.measure(Contender.TIMELOG, input));
  }

  @Test
  void jobsComeToTheSameOnRocksDbAndInATightHeap() {
    ChildJvm jvm = new ChildJvm("256m");
    JobInput input = new JobInput(JobKind.OVER, EVENTS, KEYS, Chaining.OFF, true);
    JobCost tightHeap =
        JobRun.inChild(LiveHeap.inChild(jvm, input).jvmWithTimes(2), Contender.TIGHT_HEAP, input);

    requireEqual(tightHeap, JobRun.inChild(jvm, Contender.ROCKSDB, input));
  }

  private static void requireEqual(JobCost expected, JobCost found) {
    assertThat(found.isOfTheSameWork(expected)).isTrue();
    assertThat(found.hasTheSameResults(expected)).as(expected + ", " + found).isTrue();
  }
}
