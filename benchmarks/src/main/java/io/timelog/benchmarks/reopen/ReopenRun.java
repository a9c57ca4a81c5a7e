package io.timelog.benchmarks.reopen;

import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Has state of one kind filled and opened again, in JVMs that have just begun: nothing is rehearsed
 * in them, because nothing is after a crash. Files that were written are in the cache of the
 * operating system.
 */
public final class ReopenRun {
  private final Steps steps;
  private final StateKind kind;
  private final StateShape shape;

  private ReopenRun(Steps steps, StateKind kind, StateShape shape) {
    this.steps = steps;
    this.kind = kind;
    this.shape = shape;
  }

  /** Does a step, somewhere. */
  @FunctionalInterface
  interface Steps {
    StepResult take(StateKind kind, StepInput input) throws IOException;
  }

  /**
   * Does all steps, each in a JVM of its own.
   *
   * @throws IllegalStateException if something that was committed is not there in the end, or
   *     something that was not committed is there, although the kind promises otherwise
   */
  public static ReopenCost measure(ChildJvm jvm, StateKind kind, StateShape shape) {
    return measure((any, input) -> StepRun.inChild(jvm, any, input), kind, shape);
  }

  /** As {@link #measure(ChildJvm, StateKind, StateShape)}, wherever steps are done. */
  static ReopenCost measure(Steps steps, StateKind kind, StateShape shape) {
    return TemporaryDirectory.emptied(
        "kind=" + kind.id() + ", entries=" + shape.entries(),
        directory -> new ReopenRun(steps, kind, shape).cost(directory));
  }

  private ReopenCost cost(Path directory) throws IOException {
    Path clean = directory.resolve("closed");
    Path dead = directory.resolve("killed");
    Path export = directory.resolve("export");
    StepResult filled = take(Step.FILL_AND_CLOSE, clean, clean);
    StepResult closed = same(filled, take(Step.OPEN, clean, clean));
    StepResult exported = take(Step.EXPORT, clean, export);
    StepResult imported = same(filled, take(Step.IMPORT, export, export));
    StepResult left = same(filled, take(Step.FILL_AND_LEAVE, dead, dead));
    StepResult killed = take(Step.OPEN, dead, dead);
    if (kind.endsAtCommits() && killed.uncommitted() != 0) {
      throw new IllegalStateException(
          "Something is there that was not committed: kind=" + kind.id() + ", found=" + killed);
    }
    return new ReopenCost(
        kind.id(),
        shape,
        filled,
        closed,
        kind.keepsCommits() ? same(left, killed) : killed,
        exported,
        imported);
  }

  private StepResult take(Step step, Path directory, Path target) throws IOException {
    return steps.take(kind, new StepInput(step, directory.toString(), target.toString(), shape));
  }

  private StepResult same(StepResult expected, StepResult found) {
    if (found.entries() != expected.entries() || found.checksum() != expected.checksum()) {
      throw new IllegalStateException(
          "Something else was found than was committed: kind="
              + kind.id()
              + ", expected="
              + expected
              + ", found="
              + found);
    }
    return found;
  }
}
