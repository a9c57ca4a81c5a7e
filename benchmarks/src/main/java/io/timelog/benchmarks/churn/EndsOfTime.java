package io.timelog.benchmarks.churn;

/** The smallest and the largest timestamp are asked for after every append and eviction. */
record EndsOfTime(int entries, Inputs inputs) implements Pattern {
  private static final int OPERATIONS = 200;
  private static final int KEYS = 100;

  EndsOfTime(int entries) {
    this(entries, new Inputs());
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < entries; i++) {
      engine.append(Inputs.key(i % KEYS), i, inputs.value(16, 16));
    }
  }

  @Override
  public int operations() {
    return Math.min(OPERATIONS, entries);
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(number % KEYS), entries + number, inputs.value(16, 16));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.append(step.key(), step.timestamp(), step.value());
    engine.deleteBefore(step.timestamp() - entries);
    return engine.minTimestamp() * 31 + engine.maxTimestamp();
  }
}
