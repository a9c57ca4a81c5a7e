package io.timelog.benchmarks.reopen;

import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Does one {@link Step} in this JVM. */
public final class StepRun {
  private StepRun() {}

  /**
   * Answers one {@link StepInput} with a {@link StepResult}, and halts: what is open is left as a
   * kill leaves it.
   */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, StepInput.class, (id, input) -> take(StateKind.of(id), input));
    Runtime.getRuntime().halt(0);
  }

  /** Does it in a JVM of its own. */
  static StepResult inChild(ChildJvm jvm, StateKind kind, StepInput input) {
    ChildJvm child = kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
    return child.run(StepRun.class, kind.id(), input, StepResult.class);
  }

  private static StepResult take(StateKind kind, StepInput input) {
    try {
      return input.step().take(kind, input);
    } catch (IOException e) {
      throw new UncheckedIOException("A step failed: step=" + input.step(), e);
    }
  }
}
