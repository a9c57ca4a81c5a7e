package io.timelog.benchmarks.churn;

import java.util.function.IntUnaryOperator;

/** Appends to one key that are not in the order of time. */
final class DisorderedAppends implements Pattern {
  private final int operations;
  private final int minBytes;
  private final int maxBytes;
  private final Inputs inputs = new Inputs();
  private final IntUnaryOperator timestamps;

  private DisorderedAppends(int operations, boolean descending, int minBytes, int maxBytes) {
    this.operations = operations;
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
    int[] shuffled = inputs.shuffled(operations);
    this.timestamps = descending ? i -> operations - 1 - i : i -> shuffled[i];
  }

  static DisorderedAppends descending(int operations) {
    return new DisorderedAppends(operations, true, 16, 16);
  }

  static DisorderedAppends random(int operations, int minBytes, int maxBytes) {
    return new DisorderedAppends(operations, false, minBytes, maxBytes);
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap();
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), timestamps.applyAsInt(number), inputs.value(minBytes, maxBytes));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.append(step.key(), step.timestamp(), step.value());
    return 0;
  }
}
