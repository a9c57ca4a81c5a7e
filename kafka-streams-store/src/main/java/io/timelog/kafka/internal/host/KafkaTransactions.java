package io.timelog.kafka.internal.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig.InternalConfig;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.QueryConfig;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka Streams 4.4 says of transactions, to a jar that is compiled against the oldest version
 * that it runs on, which knows none.
 */
final class KafkaTransactions {
  /** Has the stores keep what was committed apart from what is not yet. */
  static final String SETTING = "enable.transactional.statestores";

  /** {@code QueryConfig.getIsolationLevel}; null where Kafka Streams knows no levels. */
  private static final @Nullable MethodHandle LEVEL = findLevel();

  private KafkaTransactions() {}

  /** Whether a commit of the application is one of its stores. */
  static boolean areOn(StateStoreContext context) {
    return LEVEL != null && InternalConfig.getBoolean(context.appConfigs(), SETTING, false);
  }

  /** What a query may see; all, where Kafka Streams knows no levels. */
  static IsolationLevel levelOf(QueryConfig config) {
    MethodHandle level = LEVEL;
    if (level == null) {
      return IsolationLevel.READ_UNCOMMITTED;
    }
    try {
      return (IsolationLevel) level.invokeExact(config);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("A query has no isolation level: config=" + config, e);
    }
  }

  private static @Nullable MethodHandle findLevel() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              QueryConfig.class, "getIsolationLevel", MethodType.methodType(IsolationLevel.class));
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
