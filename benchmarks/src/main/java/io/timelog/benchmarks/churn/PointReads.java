package io.timelog.benchmarks.churn;

/** Reads of single entries of a map that has all of them under one key. */
final class PointReads implements Pattern {
  private static final int READS = 2_000;

  private final int entries;
  private final boolean bySubkey;
  private final Inputs inputs = new Inputs();

  private PointReads(int entries, boolean bySubkey) {
    this.entries = entries;
    this.bySubkey = bySubkey;
  }

  /** All with one timestamp. */
  static PointReads bySubkey(int entries) {
    return new PointReads(entries, true);
  }

  /** Each with a timestamp of its own. */
  static PointReads byTimestamp(int entries) {
    return new PointReads(entries, false);
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < entries; i++) {
      Step step = entry(i, inputs.value(16, 16));
      engine.put(step.key(), step.timestamp(), step.subkey(), step.value());
    }
  }

  @Override
  public int operations() {
    return Math.min(READS, entries);
  }

  @Override
  public Step step(int number) {
    return entry(inputs.below(entries), new byte[0]);
  }

  private Step entry(int number, byte[] value) {
    return bySubkey
        ? new Step(Inputs.key(0), 0, Inputs.subkey(number), value)
        : Step.of(Inputs.key(0), number, value);
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    return engine.get(step.key(), step.timestamp(), step.subkey());
  }
}
