package io.timelog.flink.conformance;

import io.timelog.flink.TimerService;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.ttl.StateBackendTestContext;
import org.apache.flink.runtime.state.ttl.TtlStateTestBase;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.junit.jupiter.api.Tag;

/** State with a time to live. Has parameters of its own, so there is a class for each format. */
@Excluded(
    test = "testIncrementalCleanupWholeState",
    because =
        "it looks into a table of the heap backend; IncrementalCleanupTest asks the same of ours")
@Tag("oldest-flink")
abstract class TtlConformance extends TtlStateTestBase {
  private final Snapshots snapshots;

  TtlConformance(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  protected StateBackendTestContext createStateBackendTestContext(TtlTimeProvider time) {
    return new StateBackendTestContext(time) {
      @Override
      protected StateBackend createStateBackend() {
        return snapshots.backend(TimerService.HEAP);
      }
    };
  }

  @Override
  protected boolean incrementalCleanupSupported() {
    return true;
  }

  /** Native snapshots are files of the engine, out of which nothing is taken. */
  @Override
  public boolean isSavepoint() {
    return snapshots == Snapshots.CANONICAL;
  }
}
