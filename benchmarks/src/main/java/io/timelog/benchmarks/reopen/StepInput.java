package io.timelog.benchmarks.reopen;

import io.timelog.benchmarks.durable.StateSettings;
import io.timelog.benchmarks.workload.SyntheticEvents;
import io.timelog.benchmarks.workload.Workload;
import java.nio.file.Path;

/**
 * What one step is told.
 *
 * @param step to do
 * @param directory of the state, or of the export of it
 * @param target of an export, not there yet; else the directory
 * @param shape of the state
 */
public record StepInput(Step step, String directory, String target, StateShape shape) {
  private static final int NO_DISORDER = 0;

  StateSettings settings() {
    return new StateSettings(Path.of(directory), 1, shape.entries());
  }

  /** Events whose timestamp is their number. */
  SyntheticEvents events() {
    return new SyntheticEvents(
        Workload.stream(shape.keys(), shape.valueBytes(), shape.entries(), NO_DISORDER));
  }
}
