package io.timelog.flink.conformance;

/** State with a time to live, in canonical snapshots. */
class CanonicalTtlConformanceTest extends TtlConformance {
  CanonicalTtlConformanceTest() {
    super(Snapshots.CANONICAL);
  }
}
