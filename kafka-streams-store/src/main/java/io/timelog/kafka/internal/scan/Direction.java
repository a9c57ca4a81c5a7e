package io.timelog.kafka.internal.scan;

/** Which way an iterator walks through an order of keys or of time. */
public enum Direction {
  /** From the smallest to the largest. */
  FORWARD,
  /** The exact reverse. */
  BACKWARD
}
