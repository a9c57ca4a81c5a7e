package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.churn.ChurnEngine.View;
import java.util.ArrayDeque;

/**
 * One hot key is overwritten and read; every tenth time there is a new snapshot, and the oldest of
 * six is read and closed.
 */
final class RollingSnapshots implements Pattern {
  private static final int EVERY = 10;
  private static final int OPEN = 5;

  private final int operations;
  private final Inputs inputs = new Inputs();
  private final ArrayDeque<View> views = new ArrayDeque<>();

  RollingSnapshots(int operations) {
    this.operations = operations;
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap();
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Step step(int number) {
    byte[] snapshot = number % EVERY == 0 ? Inputs.subkey(0) : new byte[0];
    return new Step(Inputs.key(0), 0, snapshot, inputs.value(16, 32));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    byte[] none = new byte[0];
    engine.put(step.key(), step.timestamp(), none, step.value());
    long read = engine.get(step.key(), step.timestamp(), none);
    if (step.subkey().length > 0) {
      views.add(engine.view());
      if (views.size() > OPEN) {
        try (View oldest = views.remove()) {
          read += oldest.scan(step.key(), 0, 1);
        }
      }
    }
    return read;
  }

  @Override
  public void end() {
    views.forEach(View::close);
    views.clear();
  }
}
