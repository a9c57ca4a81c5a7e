package io.timelog.benchmarks.churn;

/** A queue under one key: the head is read and removed, and a new tail put, a hundred behind it. */
record Queue(int operations, Inputs inputs) implements Pattern {
  private static final int LENGTH = 100;

  Queue(int operations) {
    this(operations, new Inputs());
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < LENGTH; i++) {
      Step step = step(i - LENGTH);
      engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    }
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), number + LENGTH, inputs.value(16, 32));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    long head = step.timestamp() - LENGTH;
    long read = engine.get(step.key(), head, step.subkey());
    engine.remove(step.key(), head, step.subkey());
    engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    return read;
  }
}
