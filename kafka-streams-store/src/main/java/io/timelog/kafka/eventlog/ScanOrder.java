package io.timelog.kafka.eventlog;

/** In which order a query returns entries. */
public enum ScanOrder {
  /** By time. */
  OLDEST_FIRST,
  /** By time, backward. */
  NEWEST_FIRST
}
