package io.timelog;

import static io.timelog.OpenLogs.contents;
import static io.timelog.OpenLogs.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the drop listener of a {@link Timelog} is told. */
final class TimelogDropsTest {
  @RegisterExtension final OpenLogs logs = new OpenLogs();

  private final List<String> dropped = new ArrayList<>();

  private Timelog<String> listened() {
    return logs.open(Timelog.builder(Codecs.utf8()).windowSize(100).dropListener(this::note));
  }

  private void note(long timestamp, String value) {
    dropped.add(timestamp + " " + value);
  }

  @Test
  void dropsOfAWholeWindow_areReportedByTheDelete() {
    Timelog<String> log = listened();
    log.append(10, "a");
    log.append(20, "b");
    log.append(110, "c");

    log.deleteBefore(100);

    assertThat(dropped).containsExactly("10 a", "20 b");
  }

  @Test
  void dropsOfAPartOfAWindow_areReportedByTheDelete_andNotAgainByFlushAndCompaction() {
    Timelog<String> log = listened();
    log.append(10, "a");
    log.append(20, "b");
    log.flush();
    log.append(15, "c");

    log.deleteRange(10, 20);
    assertThat(dropped).containsExactlyInAnyOrder("10 a", "15 c");
    log.flush();
    log.compact();
    log.compact();

    assertThat(dropped).containsExactlyInAnyOrder("10 a", "15 c");
    assertThat(contents(log)).containsExactly("20 b");
  }

  @Test
  void drops_areNotReported_asLongAsAnyReaderCanReturnThem() {
    Timelog<String> log = listened();
    log.append(10, "a");
    EntryIterator<Entry<String>> early = log.iterator();
    log.flush();
    log.deleteBefore(100);

    log.flush();
    assertThat(dropped).isEmpty();
    assertThat(read(early)).containsExactly("10 a");
    log.flush();

    assertThat(dropped).containsExactly("10 a");
  }

  @Test
  void drops_areReportedInBatches_byEachWriteOne() {
    Timelog<String> log =
        logs.open(
            Timelog.builder(Codecs.utf8())
                .windowSize(100)
                .drainBatchLimit(2)
                .dropListener(this::note));
    for (long t = 0; t < 5; t++) {
      log.append(t, "x");
    }

    log.deleteBefore(100);
    assertThat(dropped).hasSize(2);
    assertThat(log.retiredQueueLength()).isOne();
    log.append(200, "y");
    assertThat(dropped).hasSize(4);
    log.append(200, "y");

    assertThat(dropped).hasSize(5);
    assertThat(log.retiredQueueLength()).isZero();
    assertThat(log.stats().retiredQueueLength()).isZero();
  }

  @Test
  void drops_inTheBackground_areReportedByTheMaintenanceThread() {
    CompletableFuture<String> reporter = new CompletableFuture<>();
    Timelog<String> log =
        logs.open(
            Timelog.forStreaming(Codecs.utf8())
                .name("drops")
                .windowSize(100)
                .dropListener(
                    (timestamp, value) -> reporter.complete(Thread.currentThread().getName())));
    log.append(10, "a");

    log.deleteBefore(100);

    assertThat(reporter.join()).isEqualTo("timelog-maintenance-drops");
    // The report is a reader until the listener is done; closing the log waits for the thread.
    log.close();
  }

  @Test
  void entriesThatAreAlive_areNotReportedByClose() {
    Timelog<String> log = listened();
    log.append(10, "a");

    log.close();

    assertThat(dropped).isEmpty();
  }

  @Test
  void dropsThatWaitForAReader_areReportedWhenItIsClosed_evenAfterTheLog() {
    Timelog<String> log = listened();
    log.append(10, "a");
    EntryIterator<Entry<String>> early = log.iterator();
    log.deleteBefore(100);
    log.close();
    assertThat(dropped).isEmpty();

    early.close();

    assertThat(dropped).containsExactly("10 a");
  }

  @Test
  void listenerThatThrows_isCounted_andTheNextEntryIsReported() {
    Timelog<String> log =
        logs.open(
            Timelog.builder(Codecs.utf8())
                .windowSize(100)
                .dropListener(
                    (timestamp, value) -> {
                      note(timestamp, value);
                      throw new IllegalStateException("cannot listen");
                    }));
    log.append(10, "a");
    log.append(20, "b");

    log.deleteBefore(100);

    assertThat(dropped).containsExactly("10 a", "20 b");
    assertThat(log.dropListenerFailures()).isEqualTo(2);
    assertThat(log.stats().dropListenerFailures()).isEqualTo(2);
    log.append(30, "c");
    assertThat(contents(log)).containsExactly("30 c");
  }

  @TestFactory
  Stream<DynamicTest> listenerThatWritesMaintainsOrCloses_isToldSo() {
    return Stream.<Consumer<Timelog<String>>>of(
            log -> log.append(10, "x"),
            log -> log.extend(List.of(new Entry<>(10, "x"))),
            log -> log.deleteBefore(10),
            Timelog::flush,
            Timelog::compact,
            Timelog::stopMaintenance,
            Timelog::close)
        .map(call -> DynamicTest.dynamicTest("call", () -> refusedInListener(call)));
  }

  private void refusedInListener(Consumer<Timelog<String>> call) {
    List<Throwable> refusals = new ArrayList<>();
    List<Timelog<String>> self = new ArrayList<>();
    DropListener<String> listener =
        (timestamp, value) -> {
          try {
            call.accept(self.get(0));
          } catch (IllegalStateException refusal) {
            refusals.add(refusal);
          }
        };
    try (Timelog<String> log =
        Timelog.builder(Codecs.utf8())
            .name("heard")
            .windowSize(100)
            .dropListener(listener)
            .build()) {
      self.add(log);
      log.append(10, "a");
      log.deleteBefore(100);

      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0))
          .hasMessage("A drop listener must not write to its log, maintain or close it: log=heard");
      assertThat(contents(log)).isEmpty();
    }
  }

  @Test
  void listenerThatReads_mayDoSo() {
    List<Long> counts = new ArrayList<>();
    List<Timelog<String>> self = new ArrayList<>();
    Timelog<String> log =
        logs.open(
            Timelog.builder(Codecs.utf8())
                .windowSize(100)
                .dropListener(
                    (timestamp, value) -> counts.add(self.get(0).count(TimeRange.all()))));
    self.add(log);
    log.append(10, "a");
    log.append(20, "b");
    log.append(110, "c");

    log.deleteBefore(100);

    assertThat(counts).containsExactly(1L, 1L);
  }
}
