package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.ttl.StateBackendTestContext;
import org.apache.flink.runtime.state.ttl.TtlStateTestBase;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.junit.jupiter.api.Tag;

/** State with a time to live. */
@Excluded(
    test = "testIncrementalCleanupWholeState",
    because =
        "it looks into a table of the heap backend; IncrementalCleanupTest asks the same of ours")
@Tag("oldest-flink")
class TtlConformanceTest extends TtlStateTestBase {
  @Override
  protected StateBackendTestContext createStateBackendTestContext(TtlTimeProvider time) {
    return new StateBackendTestContext(time) {
      @Override
      protected StateBackend createStateBackend() {
        return new TimelogStateBackend();
      }
    };
  }

  @Override
  protected boolean incrementalCleanupSupported() {
    return true;
  }
}
