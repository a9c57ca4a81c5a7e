package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.churn.ChurnEngine.View;
import org.jspecify.annotations.Nullable;

/**
 * While somebody forgets to close a snapshot, the last ten entries of a key are read and one is
 * appended.
 */
final class ForgottenReader implements Pattern {
  private final int operations;
  private final Inputs inputs = new Inputs();
  private @Nullable View forgotten;

  ForgottenReader(int operations) {
    this.operations = operations;
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    engine.append(Inputs.key(1), 0, inputs.value(16, 16));
    forgotten = engine.view();
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), number, inputs.value(8, 24));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    long read = engine.scan(step.key(), Math.max(0, step.timestamp() - 10), step.timestamp());
    engine.append(step.key(), step.timestamp(), step.value());
    return read;
  }

  @Override
  public void end() {
    if (forgotten != null) {
      forgotten.close();
    }
  }
}
