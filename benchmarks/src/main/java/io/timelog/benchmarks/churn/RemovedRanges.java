package io.timelog.benchmarks.churn;

/** The only entry of each of many keys is removed as a range. */
final class RemovedRanges implements Pattern {
  private final int keys;
  private final boolean flushed;
  private final Inputs inputs = new Inputs();

  private RemovedRanges(int keys, boolean flushed) {
    this.keys = keys;
    this.flushed = flushed;
  }

  /** Short after it was written. */
  static RemovedRanges fresh(int keys) {
    return new RemovedRanges(keys, false);
  }

  /** After it was flushed. */
  static RemovedRanges flushed(int keys) {
    return new RemovedRanges(keys, true);
  }

  @Override
  public TableShape table() {
    return TableShape.ofMultimap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int key = 0; key < keys; key++) {
      engine.append(Inputs.key(key), 0, inputs.value(8, 8));
    }
    if (flushed) {
      engine.flush();
    }
  }

  @Override
  public int operations() {
    return keys;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(number), 0);
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.removeRange(step.key(), 0, 1);
    return 0;
  }
}
