package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.timelog.Codecs;
import io.timelog.Maintenance;
import io.timelog.MaintenancePool;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of stores are maintained by two threads. */
@Timeout(120)
final class SharedMaintenanceTest {
  private static final int STORES = 300;
  private static final int THREADS = 2;

  private final MaintenancePool pool = MaintenancePool.ofThreads(THREADS);
  private final MemoryBudget budget = MemoryBudget.ofBytes(256L << 20);
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

  private TimelogStore store(String name) {
    return TimelogStore.builder()
        .name(name)
        .memoryBudget(budget)
        .maintenance(Maintenance.BACKGROUND)
        .maintenancePool(pool)
        .build();
  }

  private static Table table(TimelogStore store, OnDrop whenDropped) {
    return store.createTable(
        TableOptions.map("t")
            .windowSize(100, 0)
            .dropListener(OnDrop.listener(whenDropped))
            .build());
  }

  private static void putAndDrop(Table table) {
    table.put(Samples.key(1), 10, Samples.key(1));
    table.deleteBefore(100);
  }

  private void maintainAll(int stores) throws Exception {
    List<TimelogStore> open = new ArrayList<>();
    CountDownLatch reported = new CountDownLatch(stores);
    Set<String> names = ConcurrentHashMap.newKeySet();
    try {
      for (int i = 0; i < stores; i++) {
        TimelogStore store = store("store" + i);
        open.add(store);
        putAndDrop(
            table(
                store,
                () -> {
                  workers.add(Thread.currentThread());
                  names.add(Thread.currentThread().getName());
                  reported.countDown();
                }));
      }

      assertThat(reported.await(60, TimeUnit.SECONDS)).as("all stores are maintained").isTrue();
      assertThat(pool.maintainedStores()).isGreaterThanOrEqualTo(stores);
      assertThat(names).hasSize(stores).contains("timelog-maintenance-store0");
    } finally {
      open.forEach(TimelogStore::close);
    }
  }

  @Test
  void hundredsOfStores_areMaintained_byAsManyThreadsAsThePoolHas() throws Exception {
    maintainAll(STORES);

    assertThat(workers).hasSizeBetween(1, THREADS);
    assertThat(pool.maintainedStores()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void storeThatHangs_keepsNoOtherStoreFromMaintenance_norFromBeingClosed() throws Exception {
    CompletableFuture<Boolean> hangs = new CompletableFuture<>();
    CountDownLatch released = new CountDownLatch(1);
    TimelogStore hanging = store("hanging");
    try {
      putAndDrop(
          table(
              hanging,
              () -> {
                hangs.complete(true);
                await(released);
              }));
      Limit.get("maintenance that is to hang", hangs);

      maintainAll(STORES);

      CompletableFuture<Void> closing = CompletableFuture.runAsync(hanging::close);
      assertThat(closing).isNotDone();
      released.countDown();
      Limit.get("closing a store that went on", closing);
    } finally {
      released.countDown();
      hanging.close();
    }
  }

  @Test
  void failureOfOneStore_isItsOwn() throws Exception {
    CompletableFuture<Boolean> failing = new CompletableFuture<>();
    try (TimelogStore failed = store("failed")) {
      putAndDrop(
          table(
              failed,
              () -> {
                failing.complete(true);
                throw new IllegalStateException("from the test");
              }));
      Limit.get("a report that fails", failing);

      maintainAll(10);

      failed.stopMaintenance();
      assertThat(failed.stats().dropListenerFailures()).isOne();
    }
  }

  @Test
  void logThatIsStartedAndStopped_joinsAndLeavesThePool() {
    try (Timelog<String> log =
        Timelog.builder(Codecs.utf8()).memoryBudget(budget).maintenancePool(pool).build()) {
      assertThat(pool.maintainedStores()).isZero();
      log.startMaintenance();
      log.startMaintenance();
      assertThat(pool.maintainedStores()).isOne();
      assertThat(pool).hasToString("MaintenancePool[stores=1, maxThreads=2]");
      log.stopMaintenance();
      assertThat(pool.maintainedStores()).isZero();
      log.startMaintenance();
    }
    assertThat(pool.maintainedStores()).isZero();
  }

  @Test
  void poolWithoutThreads_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaintenancePool.ofThreads(0))
        .withMessage("A maintenance pool needs a thread at least: threads=0");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
