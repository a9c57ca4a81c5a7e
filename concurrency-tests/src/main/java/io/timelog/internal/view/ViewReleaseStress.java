package io.timelog.internal.view;

import io.timelog.KeyGroups;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.WindowIndex;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Memory is not freed while a reader has retained a view of it, although the writer replaces the
 * view, first by one that takes the memory over and then by one without it, and it is freed in the
 * end.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The reader had a view with the row.")
@Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "The reader had the new view.")
@State
public class ViewReleaseStress {
  private static final Key KEY = Key.of(new byte[] {1}, 0);

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(1 << 20));
  private volatile TableView view;

  public ViewReleaseStress() {
    MemtableWindow window =
        new MemtableWindow(0, 99, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null);
    window.append(KEY, new PendingRow().entry(10, new byte[] {1}, 0, 1), new WriteMoment());
    Source source = Source.active(window);
    view = TableView.empty();
    replaceBy(view.withWindows(List.of(new PartitionWindow(0, 99, List.of(source)))));
  }

  private void replaceBy(TableView next) {
    view.replaceBy(next);
    view = next;
  }

  @Actor
  public void reader(II_Result result) {
    result.r1 = read();
  }

  @Actor
  public void writer() {
    replaceBy(view.withWindows(view.windows()));
    replaceBy(view.withoutOldest(1, view.tombstones()));
  }

  @Arbiter
  public void end(II_Result result) {
    result.r2 = (int) (pool.allocatedBytes() - pool.pooledBytes());
  }

  /** 1 for the row, 0 for memory that was freed, -1 for the empty view. */
  private int read() {
    TableView held;
    do {
      held = view;
    } while (!held.tryRetain());
    try {
      if (held.windowCount() == 0) {
        return -1;
      }
      Source source = held.window(0).sources().get(0);
      return source.bytes() > 0 && source.rows().find(KEY, 0, 0, 99).advance() ? 1 : 0;
    } finally {
      held.release();
    }
  }
}
