package io.timelog.internal.memtable;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A reader sees all rows of a chunk as they were, although the writer gives the chunk an earlier
 * end meanwhile, again and again, and puts other rows above it.
 */
@JCStressTest
@Outcome(
    id = "12, 0, 67",
    expect = Expect.ACCEPTABLE,
    desc = "The reader saw all rows; whoever comes later sees what was written.")
@State
public class EarlierEndStress {
  private static final Key KEY = Key.of(new byte[] {1}, 0);
  private static final Span NO_SUBKEY = Span.of(new byte[0]);
  private static final int ROWS = 12;
  private static final int VALUE_BYTES = 100;

  private final MemtableWindow window =
      new MemtableWindow(
          0,
          99,
          0,
          KeyGroups.NONE,
          WindowIndex.KEY,
          new MemoryAccount(new BufferPool(1 << 20)),
          null);
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();

  public EarlierEndStress() {
    for (int time = 0; time < ROWS; time++) {
      put(time, 0);
    }
  }

  private void put(long time, int number) {
    byte[] value = new byte[VALUE_BYTES];
    value[0] = (byte) number;
    window.put(KEY, row.mapEntry(time, NO_SUBKEY, value, 0, value.length), moment);
  }

  @Actor
  public void reader(III_Result result) {
    RowCursor rows = window.rows().find(KEY, 0, 0, 99);
    int count = 0;
    int sum = 0;
    while (rows != null && rows.advance()) {
      count++;
      sum += rows.payload().get(rows.payloadOffset() + rows.payloadLength() - VALUE_BYTES);
    }
    result.r1 = count;
    result.r2 = sum;
  }

  @Actor
  public void writer() {
    nextReader();
    put(ROWS - 1, 1);
    nextReader();
    put(ROWS - 2, 2);
    nextReader();
    window.remove(KEY, row.pointTombstone(ROWS - 1, NO_SUBKEY), moment);
    put(ROWS, 3);
  }

  /** The reader of version 0 stays, and another one comes that sees the present. */
  private void nextReader() {
    moment.withReaders(0, moment.version());
    moment.atVersion(moment.version() + 1);
  }

  @Arbiter
  public void end(III_Result result) {
    RowCursor rows = window.rows().find(KEY, moment.version(), 0, 99);
    int times = 0;
    while (rows != null && rows.advance()) {
      times += (int) rows.timestamp();
    }
    result.r3 = times;
    window.free();
  }
}
