package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.ConcurrentWriterException;
import io.timelog.internal.memtable.WriteMoment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class WriterGateTest {
  private final WriterGate gate = new WriterGate("clicks");

  private ReaderEpoch read() {
    long ticket = gate.awaitMoment();
    ReaderEpoch epoch = gate.presentEpoch();
    epoch.arrive();
    assertThat(gate.isStill(ticket)).isTrue();
    return epoch;
  }

  private void write() {
    gate.enter();
    gate.exit();
  }

  @Test
  void writeAfterAReader_isNewerThanWhatTheReaderSees() {
    ReaderEpoch reader = read();

    gate.enter();

    assertThat(gate.version()).isGreaterThan(reader.version());
    assertThat(gate.moment().newestReader()).isEqualTo(reader.version());
    assertThat(gate.moment().oldestReader()).isEqualTo(reader.version());
    gate.exit();
  }

  @Test
  void manyVersions_areTold_sinceStampsHaveRoomForSoManyOnly() {
    int[] told = {0};
    WriterGate busy = new WriterGate("clicks", ReaderEpochs.MANY_VERSIONS - 2, () -> told[0]++);
    busy.enter();

    busy.endVersion();
    assertThat(told[0]).isZero();
    busy.endVersion();
    assertThat(told[0]).isOne();
    busy.endVersion();
    assertThat(told[0]).isOne();
    busy.exit();
  }

  @Test
  void moment_isOverWhenAWriteBegins() {
    long ticket = gate.awaitMoment();

    write();

    assertThat(gate.isStill(ticket)).isFalse();
  }

  @Test
  void oldestReader_isTheOldestThatIsOpen_howeverTheyLeave() {
    List<ReaderEpoch> readers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      readers.add(read());
      write();
    }
    assertThat(gate.openReaders()).isEqualTo(100);

    for (int i = 99; i >= 50; i--) {
      readers.get(i).leave();
    }
    for (int i = 0; i < 25; i++) {
      readers.get(i).leave();
    }

    gate.enter();
    assertThat(gate.moment().oldestReader()).isEqualTo(readers.get(25).version());
    gate.exit();
    assertThat(gate.openReaders()).isEqualTo(25);

    readers.subList(25, 50).forEach(ReaderEpoch::leave);
    gate.enter();
    assertThat(gate.moment().oldestReader()).isEqualTo(WriteMoment.NO_OLDEST);
    assertThat(gate.moment().newestReader()).isEqualTo(WriteMoment.NO_NEWEST);
    gate.exit();
  }

  @Test
  void readersOfOneVersion_areCountedTogether() {
    ReaderEpoch first = read();
    ReaderEpoch second = read();
    write();
    first.leave();

    gate.enter();
    assertThat(gate.moment().oldestReader()).isEqualTo(second.version());
    gate.exit();
    assertThat(gate.openReaders()).isOne();
  }

  @Test
  void readerThatCameAndLeftBetweenTwoWrites_freezesNothing() {
    read().leave();

    gate.enter();

    assertThat(gate.moment().newestReader()).isEqualTo(WriteMoment.NO_NEWEST);
    assertThat(gate.openReaders()).isZero();
    gate.exit();
  }

  @Test
  void ageOfTheOldestReader_isThatOfTheVersionItSees() {
    ReaderEpoch reader = read();
    assertThat(gate.oldestReaderNanos()).isZero();

    write();
    assertThat(gate.oldestReaderNanos()).isPositive();

    reader.leave();
    assertThat(gate.oldestReaderNanos()).isZero();
  }

  @Test
  void reportOfADelete_isAReaderThatDoesNotCountAsOpen() {
    gate.enter();
    ReaderEpoch ended = gate.endVersion();
    gate.hold(ended);
    assertThat(gate.moment().oldestReader()).isEqualTo(ended.version());
    gate.exit();

    assertThat(gate.openReaders()).isZero();

    gate.letGo(ended);
    gate.enter();
    assertThat(gate.moment().oldestReader()).isEqualTo(WriteMoment.NO_OLDEST);
    gate.exit();
  }

  @Test
  void secondThreadInsideAWrite_isRefusedAndTheFirstGoesOn() {
    gate.enter();

    CompletableFuture<Void> second = CompletableFuture.runAsync(gate::enter);

    assertThatThrownBy(second::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ConcurrentWriterException.class)
        .hasRootCauseMessage(
            "Another thread is writing to this store at this moment, and a store has one writer at"
                + " a time; this write was not accepted: store=clicks");
    gate.exit();
    write();
  }

  @Test
  void writeInsideAWriteOfTheSameThread_isRefused() {
    gate.enter();

    assertThatThrownBy(gate::enter)
        .isInstanceOf(IllegalStateException.class)
        .isNotInstanceOf(ConcurrentWriterException.class)
        .hasMessageContaining("store=clicks");
    gate.exit();
  }

  @Test
  void claim_keepsWritersOutAndReadersIn_alsoAfterAnOperation() {
    gate.claim();
    gate.resume();
    gate.exit();

    read().leave();
    assertThatThrownBy(() -> CompletableFuture.runAsync(gate::enter).join())
        .hasCauseInstanceOf(ConcurrentWriterException.class);
    assertThatThrownBy(gate::enter).isInstanceOf(IllegalStateException.class);

    gate.unclaim();
    write();
  }

  @Test
  void pause_letsReadersInAndKeepsWritersOut() {
    gate.enter();
    long before = gate.pause();

    read().leave();
    assertThatThrownBy(() -> CompletableFuture.runAsync(gate::enter).join())
        .hasCauseInstanceOf(ConcurrentWriterException.class);

    gate.endPause(before);
    gate.exit();
    write();
  }

  @Test
  void writer_waitsForTheReliefOfAnotherStore() throws Exception {
    assertThat(gate.tryClaimForRelief()).isTrue();
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              started.countDown();
              write();
            });
    started.await();
    gate.resume();
    gate.exit();
    assertThat(writer).isNotDone();

    gate.unclaim();

    writer.join();
  }

  @Test
  void relief_doesNotInterruptAWriter() {
    gate.enter();

    assertThat(gate.tryClaimForRelief()).isFalse();

    gate.exit();
  }
}
