package io.timelog.flink.conformance;

/** State with a time to live, in full native snapshots. */
class FullTtlConformanceTest extends TtlConformance {
  FullTtlConformanceTest() {
    super(Snapshots.FULL);
  }
}
