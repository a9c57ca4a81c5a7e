package io.timelog.kafka.internal.host;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.MaintenancePool;
import io.timelog.MemoryBudget;
import io.timelog.TimelogStore;
import io.timelog.kafka.TimelogClientSupplier;
import io.timelog.kafka.internal.durability.Backing;
import io.timelog.kafka.internal.durability.CommitRhythm;
import io.timelog.kafka.internal.durability.DirectoryHome;
import io.timelog.kafka.internal.durability.MemoryHome;
import io.timelog.kafka.internal.durability.StoreHome;
import io.timelog.kafka.internal.durability.StoreIdentity;
import io.timelog.kafka.internal.durability.StoreTerms;
import java.nio.file.Path;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.GlobalProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;

/** Gives every store of a task its home. */
final class StoreHomes {
  /** In the directory of a task, what has the directories of our stores. */
  private static final String DIRECTORY = "timelog";

  /**
   * Of each store, of which an application may have hundreds: disk space, and what a crash costs.
   */
  private static final long LOG_MAX_BYTES = 64L << 20;

  /**
   * Flush, merge and write manifests for all stores that are in directories, so that no stream
   * thread waits for a disk. Two, because one may be held up. They end with the last such store.
   */
  private static final MaintenancePool MAINTENANCE = MaintenancePool.ofThreads(2);

  /**
   * A cursor over many files holds a page of each, and where memory is full a sixteenth of it is
   * free. So a page is at most this part of the budget, which only matters to small ones.
   */
  private static final int PAGES_PER_BUDGET = 1_024;

  private static final long MIN_PAGE_BYTES = 4 << 10;

  private StoreHomes() {}

  /**
   * Finds the home of a store.
   *
   * @param layout how the store keeps keys, values and time, in words
   */
  static StoreHome of(StoreKind kind, String layout, String storeName, StateStoreContext context) {
    MemoryBudget budget = MemoryBudgets.of(context);
    TimelogStore.Builder settings =
        TimelogStore.builder()
            .name(storeName + "-" + context.taskId())
            .memoryBudget(budget)
            .busyPolicy(BusyPolicy.FLUSH);
    return switch (kind) {
      case IN_MEMORY -> new MemoryHome(settings.build());
      case PERSISTENT ->
          DirectoryHome.in(
              directory(storeName, context),
              settings
                  .logMaxBytes(LOG_MAX_BYTES)
                  .targetPageBytes(pageBytes(budget))
                  .maintenance(Maintenance.BACKGROUND)
                  .maintenancePool(MAINTENANCE),
              new StoreTerms(
                  new StoreIdentity(
                      context.applicationId(), context.taskId().toString(), storeName),
                  layout,
                  backing(storeName, context),
                  rhythm(context)));
    };
  }

  private static long pageBytes(MemoryBudget budget) {
    return Math.max(
        MIN_PAGE_BYTES,
        Math.min(
            TimelogStore.Builder.DEFAULT_TARGET_PAGE_BYTES,
            budget.limitBytes() / PAGES_PER_BUDGET));
  }

  private static Path directory(String storeName, StateStoreContext context) {
    return context.stateDir().toPath().resolve(DIRECTORY).resolve(storeName);
  }

  /** Where the entries of a store come from again. */
  static Backing backing(String storeName, StateStoreContext context) {
    if (isGlobal(context)) {
      return Backing.TOPIC;
    }
    return context instanceof InternalProcessorContext<?, ?> internal
            && internal.changelogFor(storeName) != null
        ? Backing.CHANGELOG
        : Backing.NOTHING;
  }

  private static boolean isGlobal(StateStoreContext context) {
    return context instanceof GlobalProcessorContextImpl;
  }

  /** Global stores are in no transaction, and are committed while they run in any case. */
  private static CommitRhythm rhythm(StateStoreContext context) {
    boolean exactlyOnce =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            String.valueOf(context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)));
    return exactlyOnce
            && !isGlobal(context)
            && !KafkaTransactions.areOn(context)
            && !isToldOfTransactions(context)
        ? CommitRhythm.WITH_TASK
        : CommitRhythm.WITH_APPLICATION;
  }

  private static boolean isToldOfTransactions(StateStoreContext context) {
    return context.appConfigs().get(StreamsConfig.DEFAULT_CLIENT_SUPPLIER_CONFIG)
            instanceof Class<?> supplier
        && TimelogClientSupplier.class.isAssignableFrom(supplier);
  }
}
