package io.timelog.flink.sql;

import io.timelog.flink.TimelogStateBackendFactory;

/** Where a job keeps its keyed state, as the configuration has it. */
enum Backend {
  TIMELOG(TimelogStateBackendFactory.class.getName()),
  HEAP("hashmap"),
  ROCKSDB("rocksdb");

  private final String type;

  Backend(String type) {
    this.type = type;
  }

  /** What {@code state.backend.type} is set to. */
  String type() {
    return type;
  }
}
