package io.timelog.internal.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A reader that has captured a moment sees the same for ever, although the writer changes in place
 * whatever no reader may see.
 *
 * <p>The one row here is kept as the memtable keeps rows: each state has the version that wrote it,
 * and is copied before a change if that version is frozen.
 */
@JCStressTest
@Outcome(
    id = {"0, 0", "1, 1", "2, 2", "3, 3"},
    expect = Expect.ACCEPTABLE,
    desc = "What was written before the moment.")
@State
public class SnapshotCaptureStress {
  private static final class Row {
    private final long version;
    private final Row older;
    private int value;

    Row(long version, Row older, int value) {
      this.version = version;
      this.older = older;
      this.value = value;
    }
  }

  private final WriterGate gate = new WriterGate("stress");
  private volatile Row newest = new Row(0, null, 0);

  @Actor
  public void writer() {
    write(1);
    write(2);
    write(3);
  }

  private void write(int value) {
    gate.enter();
    Row row = newest;
    if (row.version <= gate.moment().newestReader()) {
      newest = new Row(gate.version(), row, value);
    } else {
      row.value = value;
    }
    gate.exit();
  }

  @Actor
  public void reader(II_Result result) {
    ReaderEpoch epoch = arrive();
    result.r1 = read(epoch.version());
    result.r2 = read(epoch.version());
    epoch.leave();
  }

  private ReaderEpoch arrive() {
    while (true) {
      long ticket = gate.awaitMoment();
      ReaderEpoch epoch = gate.presentEpoch();
      epoch.arrive();
      if (gate.isStill(ticket)) {
        return epoch;
      }
      epoch.leave();
    }
  }

  private int read(long version) {
    Row row = newest;
    while (row.version > version) {
      row = row.older;
    }
    return row.value;
  }
}
