package io.timelog.benchmarks.churn;

/**
 * An entry in each of many windows, of which fifty are alive: the older ones are deleted by their
 * time, or their entries one by one.
 */
final class PassingWindows implements Pattern {
  private static final int WINDOW = 1_000;
  private static final int ALIVE = 50;
  private static final int KEYS = 4;

  private final int operations;
  private final boolean byTime;
  private final Inputs inputs = new Inputs();

  private PassingWindows(int operations, boolean byTime) {
    this.operations = operations;
    this.byTime = byTime;
  }

  static PassingWindows deletedByTime(int windows) {
    return new PassingWindows(windows, true);
  }

  static PassingWindows emptied(int windows) {
    return new PassingWindows(windows, false);
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap().inWindowsOf(WINDOW);
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(number % KEYS), (long) number * WINDOW, inputs.value(16, 16));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    long passed = step.timestamp() - (long) ALIVE * WINDOW;
    if (passed < 0) {
      return 0;
    }
    if (byTime) {
      engine.deleteBefore(passed + 1);
    } else {
      engine.remove(Inputs.key((int) (passed / WINDOW % KEYS)), passed, step.subkey());
    }
    return 0;
  }
}
