package io.timelog.flink.conformance;

/** State with a time to live, in incremental snapshots. */
class IncrementalTtlConformanceTest extends TtlConformance {
  IncrementalTtlConformanceTest() {
    super(Snapshots.INCREMENTAL);
  }
}
