package io.timelog.kafka.internal.window;

/** What becomes of a value when another is put for the same key and window. */
public enum Duplicates {
  /** The last value stays. */
  REPLACED,
  /** All values stay, in the order in which they were put. */
  RETAINED
}
