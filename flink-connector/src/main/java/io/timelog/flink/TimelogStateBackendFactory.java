package io.timelog.flink;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.StateBackendFactory;

/**
 * What to name in the configuration of a cluster or a job to have its state in Timelog:
 *
 * <pre>
 * state.backend.type: io.timelog.flink.TimelogStateBackendFactory
 * </pre>
 */
public final class TimelogStateBackendFactory implements StateBackendFactory<TimelogStateBackend> {
  /** Flink makes factories by this constructor. */
  public TimelogStateBackendFactory() {}

  @Override
  public TimelogStateBackend createFromConfig(ReadableConfig config, ClassLoader classLoader) {
    return new TimelogStateBackend().configure(config, classLoader);
  }
}
