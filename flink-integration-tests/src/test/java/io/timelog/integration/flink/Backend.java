package io.timelog.integration.flink;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackendFactory;
import io.timelog.flink.TimerService;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;

/** Where jobs keep their keyed state. */
public enum Backend {
  TIMELOG(TimelogStateBackendFactory.class.getName()),
  /** With the timers in tables. */
  TIMELOG_WITH_TIMERS(TimelogStateBackendFactory.class.getName()) {
    @Override
    Configuration in(Configuration configuration) {
      return super.in(configuration)
          .set(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG);
    }
  },
  HEAP("hashmap"),
  ROCKSDB("rocksdb");

  private final String type;

  Backend(String type) {
    this.type = type;
  }

  /** Puts it into the configuration of a job. */
  Configuration in(Configuration configuration) {
    return configuration.set(StateBackendOptions.STATE_BACKEND, type);
  }
}
