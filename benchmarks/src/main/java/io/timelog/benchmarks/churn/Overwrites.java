package io.timelog.benchmarks.churn;

/** Values of a map are replaced, at random, by values of another length. */
final class Overwrites implements Pattern {
  private static final long CONSTANT_BYTES = 1 << 20;

  private final Inputs inputs = new Inputs();
  private final TableShape table;
  private final int operations;
  private final int keys;
  private final int minBytes;
  private final int maxBytes;

  private Overwrites(TableShape table, int operations, int keys, int minBytes, int maxBytes) {
    this.table = table;
    this.operations = operations;
    this.keys = keys;
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
  }

  /** Of so many keys, with a budget that is far away. */
  static Overwrites of(int operations, int keys, int minBytes, int maxBytes) {
    return new Overwrites(TableShape.ofMap(), operations, keys, minBytes, maxBytes);
  }

  /**
   * Of 500 to 1,500 bytes, three for each key, where half of the budget is alive, but for {@value
   * #CONSTANT_BYTES} bytes that a store may take for itself.
   */
  static Overwrites atTheBound(int keys) {
    long liveBytes = keys * (1000L + 2 * Long.BYTES);
    return new Overwrites(
        TableShape.ofMap().within(2 * liveBytes + CONSTANT_BYTES), 3 * keys, keys, 500, 1_500);
  }

  @Override
  public TableShape table() {
    return table;
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int key = 0; key < keys; key++) {
      apply(engine, Step.of(Inputs.key(key), 0, inputs.value(minBytes, maxBytes)));
    }
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(inputs.below(keys)), 0, inputs.value(minBytes, maxBytes));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    return 0;
  }
}
