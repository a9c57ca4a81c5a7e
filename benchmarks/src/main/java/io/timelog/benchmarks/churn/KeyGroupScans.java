package io.timelog.benchmarks.churn;

/** All entries are read by key group, of which there are 128: in one pass, or one by one. */
final class KeyGroupScans implements Pattern {
  private static final int GROUPS = 128;
  private static final int ENTRIES_PER_KEY = 4;
  private static final int SCANS = 5;

  private final int keys;
  private final int groupsAtOnce;
  private final Inputs inputs = new Inputs();

  private KeyGroupScans(int keys, int groupsAtOnce) {
    this.keys = keys;
    this.groupsAtOnce = groupsAtOnce;
  }

  static KeyGroupScans inOnePass(int keys) {
    return new KeyGroupScans(keys, GROUPS);
  }

  static KeyGroupScans oneByOne(int keys) {
    return new KeyGroupScans(keys, 1);
  }

  @Override
  public TableShape table() {
    return TableShape.ofMap();
  }

  @Override
  public void prepare(ChurnEngine engine) {
    for (int i = 0; i < keys * ENTRIES_PER_KEY; i++) {
      engine.put(Inputs.key(i % keys), i / keys, new byte[0], inputs.value(16, 16));
    }
  }

  @Override
  public int operations() {
    return SCANS;
  }

  /** Entries that are read. */
  @Override
  public long units() {
    return (long) SCANS * keys * ENTRIES_PER_KEY;
  }

  @Override
  public Step step(int number) {
    return Step.of(Inputs.key(0), 0);
  }

  @Override
  public long apply(ChurnEngine engine, Step step) {
    long sum = 0;
    for (int group = 0; group < GROUPS; group += groupsAtOnce) {
      sum += engine.scanGroups(group, group + groupsAtOnce - 1);
    }
    return sum;
  }
}
