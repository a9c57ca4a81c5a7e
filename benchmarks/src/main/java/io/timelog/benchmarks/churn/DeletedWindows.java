package io.timelog.benchmarks.churn;

/** Twenty deletes of all keys, each over half of all windows and a window further than the last. */
record DeletedWindows(int windows, Inputs inputs) implements Pattern {
  private static final int WINDOW = 1_000;
  private static final int KEYS = 10;
  private static final int DELETES = 20;

  DeletedWindows(int windows) {
    this(windows, new Inputs());
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap().inWindowsOf(WINDOW);
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < windows * KEYS; i++) {
      engine.append(Inputs.key(i % KEYS), (long) i * WINDOW / KEYS, inputs.value(16, 16));
    }
  }

  @Override
  public int operations() {
    return DELETES;
  }

  @Override
  public long units() {
    return (long) DELETES * windows / 2;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), (long) number * WINDOW + WINDOW / 2);
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.deleteRange(step.timestamp(), step.timestamp() + windows / 2L * WINDOW);
    return 0;
  }
}
