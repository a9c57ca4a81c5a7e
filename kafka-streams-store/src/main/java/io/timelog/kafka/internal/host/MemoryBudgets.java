package io.timelog.kafka.internal.host;

import io.timelog.MemoryBudget;
import io.timelog.kafka.TimelogStoreConfig;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One memory budget for all stores of an application in this process. A store holds its budget as
 * long as it is open; a budget nobody holds any more is forgotten.
 */
final class MemoryBudgets {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudgets.class);

  private record Owner(String applicationId, long limitBytes) {}

  private static final Map<Owner, WeakReference<MemoryBudget>> BUDGETS = new ConcurrentHashMap<>();

  private MemoryBudgets() {}

  /**
   * The budget that the stores of this application share.
   *
   * @throws ConfigException if {@value TimelogStoreConfig#MEMORY_BUDGET_BYTES} is set to something
   *     that is not a positive number
   */
  static MemoryBudget of(StateStoreContext context) {
    Owner owner = new Owner(context.applicationId(), limitBytes(context.appConfigs()));
    BUDGETS.values().removeIf(budget -> budget.refersTo(null));
    if (!BUDGETS.containsKey(owner)) {
      warnOfOthers(owner);
    }
    while (true) {
      MemoryBudget budget =
          BUDGETS
              .computeIfAbsent(
                  owner, o -> new WeakReference<>(MemoryBudget.ofBytes(o.limitBytes())))
              .get();
      if (budget != null) {
        return budget;
      }
      BUDGETS.computeIfPresent(owner, (o, stale) -> stale.refersTo(null) ? null : stale);
    }
  }

  private static void warnOfOthers(Owner owner) {
    for (Owner other : BUDGETS.keySet()) {
      if (other.applicationId().equals(owner.applicationId())) {
        LOG.warn(
            "Two applications of one id in this process ask for different memory budgets, and each"
                + " gets its own. Give them the same {}, or ids of their own. {}={}, budgets={} and"
                + " {} bytes",
            TimelogStoreConfig.MEMORY_BUDGET_BYTES,
            StreamsConfig.APPLICATION_ID_CONFIG,
            owner.applicationId(),
            other.limitBytes(),
            owner.limitBytes());
      }
    }
  }

  private static long limitBytes(Map<String, Object> config) {
    Object configured = config.get(TimelogStoreConfig.MEMORY_BUDGET_BYTES);
    if (configured == null) {
      return Math.max(1, Runtime.getRuntime().maxMemory() / 2);
    }
    Long limitBytes = parse(configured);
    if (limitBytes == null || limitBytes < 1) {
      throw new ConfigException(
          TimelogStoreConfig.MEMORY_BUDGET_BYTES,
          configured,
          "must be a number of bytes from 1 on");
    }
    return limitBytes;
  }

  private static @Nullable Long parse(Object configured) {
    return (Long)
        ConfigDef.parseType(
            TimelogStoreConfig.MEMORY_BUDGET_BYTES, configured.toString(), ConfigDef.Type.LONG);
  }
}
