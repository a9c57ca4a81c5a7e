package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BackgroundMaintenanceTest {
  private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();
  private volatile Runnable inRound = () -> {};
  private final BackgroundMaintenance background =
      new BackgroundMaintenance(
          "store",
          new MaintenanceThreads(1),
          new Rounds("store", this::tables, new SealedRuns(bytes -> {}), bytes -> {}, 1),
          () -> {});

  private List<HandMadeTable> tables() {
    looks.add(Thread.currentThread().getName());
    inRound.run();
    return List.of();
  }

  @AfterEach
  void stop() {
    background.stop();
  }

  @Test
  void threadThatIsWoken_makesARound() throws Exception {
    background.start();
    assertThat(background.isRunning()).isTrue();

    background.wake();

    assertThat(nextLook()).isEqualTo("timelog-maintenance-store");
  }

  @Test
  void threadThatDoesNotRun_isNotWoken() {
    background.wake();
    background.stop();

    assertThat(background.isRunning()).isFalse();
    assertThat(looks).isEmpty();
  }

  @Test
  void roundThatFails_endsNothing() throws Exception {
    inRound =
        () -> {
          inRound = () -> {};
          throw new AssertionError("from the test");
        };
    background.start();
    background.wake();
    nextLook();
    looks.clear();

    background.wake();

    assertThat(nextLook()).isEqualTo("timelog-maintenance-store");
  }

  @Test
  void threadThatIsStopped_finishesItsRoundBefore() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    inRound = () -> await(leave);
    background.start();
    background.wake();
    nextLook();

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(background::stop);
    assertThat(stopped).isNotDone();
    leave.countDown();

    stopped.join();
    assertThat(background.isRunning()).isFalse();
  }

  @Test
  void threadThatIsStartedAgain_isWokenAgain() throws Exception {
    for (int i = 0; i < 20; i++) {
      background.start();
      background.start();
      looks.clear();
      background.wake();
      nextLook();
      background.stop();
    }
  }

  @Test
  void callerThatIsInterrupted_waitsAllTheSame_andStaysInterrupted() throws Exception {
    background.start();
    background.wake();
    nextLook();
    Thread.currentThread().interrupt();

    background.stop();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(background.isRunning()).isFalse();
  }

  private String nextLook() throws InterruptedException {
    String look = looks.poll(20, TimeUnit.SECONDS);
    assertThat(look).as("a round").isNotNull();
    return look;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
