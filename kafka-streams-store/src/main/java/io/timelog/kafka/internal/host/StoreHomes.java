package io.timelog.kafka.internal.host;

import io.timelog.BusyPolicy;
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
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;

/** Gives every store of a task its home. */
final class StoreHomes {
  /** In the directory of a task, what has the directories of our stores. */
  private static final String DIRECTORY = "timelog";

  /**
   * Of each store, of which an application may have hundreds: disk space, and what a crash costs.
   */
  private static final long LOG_MAX_BYTES = 64L << 20;

  private StoreHomes() {}

  /**
   * Opens the home of a store.
   *
   * @param layout how the store keeps keys, values and time, in words
   */
  static StoreHome open(
      StoreKind kind, String layout, String storeName, StateStoreContext context) {
    TimelogStore.Builder settings =
        TimelogStore.builder()
            .name(storeName + "-" + context.taskId())
            .memoryBudget(MemoryBudgets.of(context))
            .busyPolicy(BusyPolicy.FLUSH);
    return switch (kind) {
      case IN_MEMORY -> new MemoryHome(settings.build());
      case PERSISTENT ->
          DirectoryHome.open(
              directory(storeName, context),
              settings.logMaxBytes(LOG_MAX_BYTES),
              new StoreTerms(
                  new StoreIdentity(
                      context.applicationId(), context.taskId().toString(), storeName),
                  layout,
                  backing(storeName, context),
                  rhythm(context)));
    };
  }

  private static Path directory(String storeName, StateStoreContext context) {
    return context.stateDir().toPath().resolve(DIRECTORY).resolve(storeName);
  }

  /** Where the entries of a store come from again. */
  static Backing backing(String storeName, StateStoreContext context) {
    return context instanceof InternalProcessorContext<?, ?> internal
            && internal.changelogFor(storeName) != null
        ? Backing.CHANGELOG
        : Backing.NOTHING;
  }

  private static CommitRhythm rhythm(StateStoreContext context) {
    boolean exactlyOnce =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            String.valueOf(context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)));
    return exactlyOnce && !KafkaTransactions.areOn(context) && !isToldOfTransactions(context)
        ? CommitRhythm.WITH_TASK
        : CommitRhythm.WITH_APPLICATION;
  }

  private static boolean isToldOfTransactions(StateStoreContext context) {
    Object supplier = context.appConfigs().get(StreamsConfig.DEFAULT_CLIENT_SUPPLIER_CONFIG);
    String name = supplier instanceof Class<?> type ? type.getName() : String.valueOf(supplier);
    return name.equals(TimelogClientSupplier.class.getName());
  }
}
