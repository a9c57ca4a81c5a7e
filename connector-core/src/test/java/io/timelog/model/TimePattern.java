package io.timelog.model;

/** How the timestamps of a table come. */
enum TimePattern {
  /** Never decreasing. */
  IN_ORDER,
  /** In order but for one in twenty. */
  SOME_LATE,
  /** Anywhere between the newest and the oldest that is kept. */
  SHUFFLED,
  /** Starts of windows of a hundred ticks, so that writes often hit what is there. */
  ALIGNED,
  /** The same timestamp many times over. */
  TIED,
  /** From far below zero to far above, some late. */
  AROUND_ZERO,
  /** A new century every few entries. */
  CENTURIES,
  /** In order, with timestamps from all over {@code long} in between, both ends included. */
  HOSTILE,
  /** Always zero: state without time. */
  TIMELESS
}
