package io.timelog.internal.drop;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DropQueueTest {
  private static final long LAST = 99;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(1 << 20));
  private final ReportingThreads reporting = new ReportingThreads();
  private final List<String> events = new ArrayList<>();
  private Runnable inListener = () -> {};
  private final DropQueue queue =
      new DropQueue("t", Rule.MAP, this::dropped, () -> events.add("added"), reporting);

  private void dropped(
      ByteBuffer key,
      int keyOffset,
      int keyLength,
      long timestamp,
      ByteBuffer payload,
      int payloadOffset,
      int payloadLength) {
    events.add("" + timestamp);
    inListener.run();
  }

  @Test
  void entries_areReportedInBatches_andFreedAfterTheLast() {
    queue.add(retirement("a", 0, 1, 2));

    queue.drain(2);
    assertThat(events).containsExactly("added", "0", "1");
    assertThat(queue.length()).isOne();
    assertThat(memory.usedBytes()).isPositive();

    queue.drain(2);
    assertThat(events).containsExactly("added", "0", "1", "2", "freed a");
    assertThat(queue.isEmpty()).isTrue();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void oneBatch_mayBeOfSeveralDeletes() {
    queue.add(retirement("a", 0));
    queue.add(retirement("b", 1, 2));

    queue.drain(2);

    assertThat(events).containsExactly("added", "added", "0", "freed a", "1");
    assertThat(queue.length()).isOne();
    queue.close();
  }

  @Test
  void listenerThatThrows_isCounted_andToldOfTheRest() {
    inListener =
        () -> {
          throw new AssertionError("from the test");
        };
    queue.add(retirement("a", 0, 1, 2));

    queue.drain(10);

    assertThat(queue.failures()).isEqualTo(3);
    assertThat(events).containsExactly("added", "0", "1", "2", "freed a");
    assertThat(reporting.includeCaller()).isFalse();
  }

  @Test
  void threadThatReports_isKnown_andDoesNotReportInTheMiddleOfIt() {
    List<Boolean> known = new ArrayList<>();
    inListener =
        () -> {
          known.add(reporting.includeCaller());
          int before = events.size();
          queue.drain(10);
          assertThat(events).hasSize(before);
        };
    queue.add(retirement("a", 0, 1));

    queue.drain(10);

    assertThat(events).containsExactly("added", "0", "1", "freed a");
    assertThat(known).containsExactly(true, true);
    assertThat(queue.failures()).isZero();
    assertThat(reporting.includeCaller()).isFalse();
  }

  @Test
  void whatAListenerAdds_isReportedAfterIt() {
    inListener =
        () -> {
          inListener = () -> {};
          queue.add(retirement("b", 7));
        };
    queue.add(retirement("a", 0, 1));

    queue.drain(10);

    assertThat(events).containsExactly("added", "0", "added", "1", "freed a", "7", "freed b");
  }

  @Test
  void queueThatIsClosed_hasReportedAll_andReportsLaterDropsAtOnce() {
    queue.add(retirement("a", 0, 1, 2));
    queue.close();
    assertThat(events).containsExactly("added", "0", "1", "2", "freed a");

    queue.add(retirement("b", 5));

    assertThat(events).endsWith("5", "freed b");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void oneThreadReportsAtATime() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    inListener =
        () -> {
          inListener = () -> {};
          inside.countDown();
          await(leave);
        };
    queue.add(retirement("a", 0, 1));
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> queue.drain(1));
    inside.await();
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> queue.drain(10));
    assertThat(events).containsExactly("added", "0");

    leave.countDown();
    first.join();
    second.join();

    assertThat(events).containsExactly("added", "0", "1", "freed a");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Entries of these timestamps, which nobody sees any more. */
  private Retirement retirement(String name, long... timestamps) {
    MemtableWindow window =
        new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY, memory, null);
    PendingRow row = new PendingRow();
    for (long timestamp : timestamps) {
      row.mapEntry(timestamp, Span.of(new byte[0]), new byte[10], 0, 10);
      window.put(Key.of(new byte[] {1}, 0), row, new WriteMoment());
    }
    TableView view =
        TableView.empty()
            .withWindows(List.of(new PartitionWindow(0, LAST, List.of(Source.active(window)))));
    Retirement retirement =
        Objects.requireNonNull(
            Retirement.of(view, 1, 0, LAST, queue::add, () -> events.add("freed " + name)));
    retirement.replaced();
    return retirement;
  }
}
