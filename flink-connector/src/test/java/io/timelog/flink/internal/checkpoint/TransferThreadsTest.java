package io.timelog.flink.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransferThreadsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void results_comeInOrder(int threads) throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int result = i;
      calls.add(() -> result);
    }

    try (TransferThreads transfers = new TransferThreads(threads, "test")) {
      List<Integer> results = transfers.callAll(calls);

      assertThat(results).hasSize(100).isSorted();
    }
  }

  @Test
  @Timeout(60)
  void calls_runAtTheSameTime() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Callable<Integer> call =
        () -> {
          both.countDown();
          both.await();
          return 1;
        };

    try (TransferThreads transfers = new TransferThreads(2, "test")) {
      assertThat(transfers.callAll(List.of(call, call))).containsExactly(1, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void failure_endsTheRest(int threads) {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean fails = i == 3;
      calls.add(
          () -> {
            begun.incrementAndGet();
            running.incrementAndGet();
            try {
              if (fails) {
                throw new IOException("the disk is full");
              }
              return 0;
            } finally {
              running.decrementAndGet();
            }
          });
    }

    try (TransferThreads transfers = new TransferThreads(threads, "test")) {
      assertThatThrownBy(() -> transfers.callAll(calls))
          .isInstanceOf(IOException.class)
          .hasMessage("the disk is full");
      assertThat(running).as("calls that run on").hasValue(0);
      if (threads == 1) {
        assertThat(begun).hasValue(4);
      }
    }
  }

  @Test
  @Timeout(60)
  void interrupt_waitsForWhatRuns() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                started.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              caller.interrupt();
              release.countDown();
            });
    interrupter.start();
    Callable<Integer> call =
        () -> {
          started.countDown();
          release.await();
          return ended.incrementAndGet();
        };

    boolean interrupted;
    try (TransferThreads transfers = new TransferThreads(2, "test")) {
      // The call may end before the interrupt is noticed, which is left to whoever comes next then.
      transfers.callAll(List.of(call));
      interrupted = Thread.interrupted();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    assertThat(interrupted).isTrue();
    assertThat(ended).hasValue(1);
    interrupter.join();
  }

  @Test
  @Timeout(60)
  void closing_givesUpWhatWaits() {
    AtomicInteger begun = new AtomicInteger();
    TransferThreads transfers = new TransferThreads(2, "test");
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(
          () -> {
            begun.incrementAndGet();
            transfers.close();
            return 1;
          });
    }

    assertThatThrownBy(() -> transfers.callAll(calls))
        .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class);
    assertThat(begun).hasValueLessThan(10);
  }
}
