package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.ConcurrentWriterException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class WriterGateTest {
  private final WriterGate gate = new WriterGate("clicks");

  @Test
  void writeAfterAReader_isNewerThanWhatTheReaderSees() {
    gate.readerArrives();
    long moment = gate.awaitMoment();
    long seen = gate.version();
    assertThat(gate.isStill(moment)).isTrue();

    gate.enter();

    assertThat(gate.version()).isGreaterThan(seen);
    assertThat(gate.moment().newestReader()).isGreaterThanOrEqualTo(seen);
    gate.exit();
  }

  @Test
  void readerThatCameDuringAWrite_doesNotSeeTheNextWrite() {
    gate.readerArrives();
    gate.enter();
    gate.exit();
    long moment = gate.awaitMoment();
    long seen = gate.version();
    assertThat(gate.isStill(moment)).isTrue();

    gate.enter();

    assertThat(gate.version()).isGreaterThan(seen);
    assertThat(gate.moment().newestReader()).isGreaterThanOrEqualTo(seen);
    gate.exit();
  }

  @Test
  void moment_isOverWhenAWriteBegins() {
    long moment = gate.awaitMoment();

    gate.enter();
    gate.exit();

    assertThat(gate.isStill(moment)).isFalse();
  }

  @Test
  void withoutReaders_nothingIsFrozen() {
    gate.readerArrives();
    gate.enter();
    gate.exit();
    gate.readerLeft();

    gate.enter();

    assertThat(gate.moment().newestReader()).isEqualTo(-1);
    assertThat(gate.openReaders()).isZero();
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
    gate.enter();
    gate.exit();
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
}
