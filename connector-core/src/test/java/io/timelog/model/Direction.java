package io.timelog.model;

/** Which way a scan walks. */
enum Direction {
  FORWARD,
  BACKWARD
}
