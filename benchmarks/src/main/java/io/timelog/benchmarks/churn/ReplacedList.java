package io.timelog.benchmarks.churn;

/** A list of ten entries under one key is emptied and filled again. */
record ReplacedList(int operations, Inputs inputs) implements Pattern {
  private static final int LENGTH = 10;

  ReplacedList(int operations) {
    this(operations, new Inputs());
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap();
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), 0, inputs.value(16, 32));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.removeRange(step.key(), 0, LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      engine.append(step.key(), i, step.value());
    }
    return 0;
  }
}
