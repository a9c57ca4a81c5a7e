package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.upkeep.MaintenanceThreads.Member;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns that members take on fewer threads than there are members. */
@Timeout(60)
final class MaintenanceThreadsTest {
  private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();
  private final List<Member> present = new ArrayList<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void leaveAll() {
    gate.countDown();
    present.forEach(Member::leave);
  }

  private Member join(MaintenanceThreads threads, String name, BooleanSupplier step) {
    Member member =
        threads.join(
            name,
            () -> {
              steps.add(name);
              return step.getAsBoolean();
            });
    present.add(member);
    return member;
  }

  private void leave(Member member) {
    present.remove(member);
    member.leave();
  }

  private String nextStep() throws InterruptedException {
    String step = steps.poll(20, TimeUnit.SECONDS);
    assertThat(step).as("a step").isNotNull();
    return step;
  }

  private boolean stepBehindTheGate() {
    try {
      gate.await();
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void membersThatHaveMoreToDo_takeTurns() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(1);
    Member first = join(threads, "first", this::stepBehindTheGate);
    AtomicInteger stepsOfBusy = new AtomicInteger();
    Member busy = join(threads, "busy", () -> stepsOfBusy.incrementAndGet() < 3);
    Member other = join(threads, "other", () -> false);
    first.wake();
    nextStep();
    busy.wake();
    other.wake();
    busy.wake();

    gate.countDown();

    assertThat(List.of(nextStep(), nextStep(), nextStep(), nextStep()))
        .containsExactly("busy", "other", "busy", "busy");
  }

  @Test
  void memberThatIsWokenInItsStep_takesAnotherOne_andOneOnly() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(2);
    Member member = join(threads, "member", this::stepBehindTheGate);
    Member other = join(threads, "other", () -> false);
    member.wake();
    nextStep();
    member.wake();
    member.wake();
    other.wake();
    // There is a thread for the member, which is not taken while it has one.
    assertThat(nextStep()).isEqualTo("other");
    assertThat(steps).isEmpty();

    gate.countDown();

    assertThat(nextStep()).isEqualTo("member");
    leave(member);
    assertThat(steps).isEmpty();
  }

  @Test
  void noMember_hasTwoThreadsAtOnce() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(4);
    CountDownLatch done = new CountDownLatch(8 * 1_000);
    Set<Integer> overlapping = ConcurrentHashMap.newKeySet();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger left = new AtomicInteger(1_000);
      members.add(
          threads.join(
              "member" + i,
              () -> {
                if (inside.incrementAndGet() > 1) {
                  overlapping.add(number);
                }
                boolean more = left.decrementAndGet() > 0;
                inside.decrementAndGet();
                done.countDown();
                return more;
              }));
    }
    present.addAll(members);
    while (done.getCount() > 0) {
      members.forEach(Member::wake);
    }

    assertThat(overlapping).isEmpty();
  }

  @Test
  void threads_areNeverMoreThanMembersOrTheBound_andEndWithTheLastMember() {
    MaintenanceThreads threads = new MaintenanceThreads(2);
    assertThat(threads.threads()).isZero();
    Member one = join(threads, "one", () -> false);
    assertThat(threads.threads()).isOne();
    Member two = join(threads, "two", () -> false);
    Member three = join(threads, "three", () -> false);
    assertThat(threads.threads()).isEqualTo(2);
    assertThat(threads.members()).isEqualTo(3);

    leave(one);
    leave(two);
    leave(three);

    assertThat(threads.members()).isZero();
    while (threads.threads() > 0) {
      Thread.onSpinWait();
    }
    join(threads, "four", () -> false);
    assertThat(threads.threads()).isOne();
  }

  @Test
  void stepThatHangs_keepsOneThread_andNoOtherMember() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(2);
    join(threads, "hangs", this::stepBehindTheGate).wake();
    nextStep();
    for (int i = 0; i < 300; i++) {
      join(threads, "member" + i, () -> false).wake();
    }

    for (int i = 0; i < 300; i++) {
      assertThat(nextStep()).isEqualTo("member" + i);
    }
  }

  @Test
  void memberThatLeaves_waitsForItsOwnStep_andForNoOther() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(2);
    Member stepping = join(threads, "stepping", this::stepBehindTheGate);
    Member resting = join(threads, "resting", () -> false);
    stepping.wake();
    nextStep();

    leave(resting);
    resting.wake();
    present.remove(stepping);
    CompletableFuture<Void> left = CompletableFuture.runAsync(stepping::leave);
    assertThat(left).isNotDone();
    gate.countDown();
    left.join();

    assertThat(steps).isEmpty();
  }

  @Test
  void memberThatLeavesWhileItWaits_takesNoStep() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(1);
    Member first = join(threads, "first", this::stepBehindTheGate);
    Member waiting = join(threads, "waiting", () -> true);
    Member last = join(threads, "last", () -> false);
    first.wake();
    nextStep();
    waiting.wake();
    last.wake();

    leave(waiting);
    gate.countDown();

    assertThat(nextStep()).isEqualTo("last");
  }

  @Test
  void callerThatIsInterrupted_waitsForAStepAllTheSame_andStaysInterrupted() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(1);
    Member member = join(threads, "member", this::stepBehindTheGate);
    member.wake();
    nextStep();
    present.remove(member);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              member.leave();
              interrupted.complete(Thread.interrupted());
            });
    caller.start();
    assertThat(interrupted).isNotDone();

    gate.countDown();

    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingOfAStep_reachesTheNextMember() throws Exception {
    MaintenanceThreads threads = new MaintenanceThreads(1);
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    try (URLClassLoader own = new URLClassLoader(new URL[0])) {
      caller.setContextClassLoader(own);
      CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
      Member leaves =
          join(
              threads,
              "leavesAnInterrupt",
              () -> {
                seen.complete(Thread.currentThread().getContextClassLoader());
                Thread.currentThread().interrupt();
                return false;
              });
      caller.setContextClassLoader(before);
      CompletableFuture<List<Object>> next = new CompletableFuture<>();
      Member other =
          join(
              threads,
              "other",
              () ->
                  next.complete(
                      List.of(
                          Thread.currentThread().getName(),
                          Thread.currentThread().getContextClassLoader(),
                          Thread.interrupted())));
      leaves.wake();
      assertThat(seen.get(20, TimeUnit.SECONDS)).isSameAs(own);
      other.wake();

      assertThat(next.get(20, TimeUnit.SECONDS))
          .containsExactly("timelog-maintenance-other", before, false);
    } finally {
      caller.setContextClassLoader(before);
    }
  }
}
