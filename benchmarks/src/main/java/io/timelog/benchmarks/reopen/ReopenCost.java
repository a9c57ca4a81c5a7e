package io.timelog.benchmarks.reopen;

/**
 * What it took to have a state again, in one round.
 *
 * @param kind its id
 * @param shape of the state
 * @param filled into a directory, and closed
 * @param closed and opened again
 * @param killed after a commit and some further writes, and opened again
 * @param exported to files
 * @param imported from them
 */
public record ReopenCost(
    String kind,
    StateShape shape,
    StepResult filled,
    StepResult closed,
    StepResult killed,
    StepResult exported,
    StepResult imported) {
  /** Until the first read after a clean close was answered. */
  public double closedNanos() {
    return closed.answeredNanos();
  }

  /** Until the first read after a kill was answered. */
  public double killedNanos() {
    return killed.answeredNanos();
  }

  /** Until the export was written. */
  public double exportNanos() {
    return exported.nanos();
  }

  /** Until the first read of what was imported was answered. */
  public double importNanos() {
    return imported.answeredNanos();
  }

  /** The part of the committed entries that a kill leaves. */
  public double keptPart() {
    return (double) killed.entries() / shape.entries();
  }
}
