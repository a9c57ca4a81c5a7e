package io.timelog.benchmarks.churn;

/** One key and timestamp gets many subkeys, in random order. */
final class DisorderedSubkeys implements Pattern {
  private final Inputs inputs = new Inputs();
  private final int[] order;

  DisorderedSubkeys(int operations) {
    this.order = inputs.shuffled(operations);
  }

  @Override
  public int operations() {
    return order.length;
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap();
  }

  @Override
  public Step step(int number) {
    return new Step(Inputs.key(0), 0, Inputs.subkey(order[number]), inputs.value(16, 16));
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    return 0;
  }
}
