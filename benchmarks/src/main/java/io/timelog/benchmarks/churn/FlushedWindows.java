package io.timelog.benchmarks.churn;

/** Many windows of ten entries are flushed at once. */
record FlushedWindows(int windows, Inputs inputs) implements Pattern {
  private static final int WINDOW = 1_000;
  private static final int ENTRIES = 10;

  FlushedWindows(int windows) {
    this(windows, new Inputs());
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap().inWindowsOf(WINDOW);
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < windows * ENTRIES; i++) {
      engine.append(Inputs.key(i % ENTRIES), (long) i * WINDOW / ENTRIES, inputs.value(16, 16));
    }
  }

  @Override
  public int operations() {
    return 1;
  }

  @Override
  public long units() {
    return windows;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), 0);
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.flush();
    return 0;
  }
}
