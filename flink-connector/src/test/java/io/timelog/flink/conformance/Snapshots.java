package io.timelog.flink.conformance;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.AbstractStateBackend;

/** The formats in which a suite has its snapshots taken. */
enum Snapshots {
  /** Native ones, which are stored as a whole. */
  FULL,
  /** Native ones, of which only what is new is stored. */
  INCREMENTAL,
  /** As canonical savepoints are. */
  CANONICAL;

  /** A backend that takes them. */
  AbstractStateBackend backend(TimerService timers) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, this == INCREMENTAL);
    configuration.set(TimelogOptions.TIMER_SERVICE_FACTORY, timers);
    TimelogStateBackend backend = Backends.configured(configuration);
    return this == CANONICAL ? new CanonicalBackend(backend) : backend;
  }
}
