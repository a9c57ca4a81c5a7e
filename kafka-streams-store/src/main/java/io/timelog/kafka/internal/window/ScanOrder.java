package io.timelog.kafka.internal.window;

/** In which order a scan of several keys gives their windows. */
enum ScanOrder {
  /** By Kafka segment, then key, then start. */
  KEY_IN_SEGMENT,
  /** By start, then key. */
  START
}
