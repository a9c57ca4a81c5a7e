package io.timelog.benchmarks.flights;

/** The order in which flights arrive. */
public enum Arrival {
  /** By the time of departure: as they were observed. */
  OBSERVED,
  /** By the time they carry: as if all had been on time, equal times as they were observed. */
  SORTED
}
