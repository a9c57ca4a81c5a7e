package io.timelog.benchmarks.kafka.query;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.QueryConfig;
import org.jspecify.annotations.Nullable;

/**
 * Whether a commit of the application is one of its stores. By reflection, as these benchmarks also
 * compile and run with Kafka Streams 4.3, which knows no transactional stores.
 */
public enum Transactions {
  OFF,
  ON;

  private static final @Nullable MethodHandle CONFIG =
      find(
          lookup ->
              lookup.findConstructor(
                  QueryConfig.class,
                  MethodType.methodType(void.class, boolean.class, IsolationLevel.class)));
  private static final @Nullable MethodHandle UNCOMMITTED_BYTES =
      find(
          lookup ->
              lookup.findVirtual(
                  StateStore.class,
                  "approximateNumUncommittedBytes",
                  MethodType.methodType(long.class)));

  /** Those that this version of Kafka Streams has. */
  public static List<Transactions> known() {
    return CONFIG == null ? List.of(OFF) : List.of(OFF, ON);
  }

  /** The settings of an application. */
  Map<String, Object> settings() {
    return this == ON ? Map.of("enable.transactional.statestores", true) : Map.of();
  }

  /** How a query says what it may see. */
  static QueryConfig queryConfig(IsolationLevel level) {
    return CONFIG == null ? new QueryConfig(false) : (QueryConfig) call(CONFIG, false, level);
  }

  /** What a store says that it has written since the last commit. */
  static long uncommittedBytes(StateStore store) {
    return UNCOMMITTED_BYTES == null ? 0 : (long) call(UNCOMMITTED_BYTES, store);
  }

  private static Object call(MethodHandle handle, Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("A method of Kafka Streams failed: method=" + handle, e);
    }
  }

  private interface Lookup {
    MethodHandle in(MethodHandles.Lookup lookup) throws ReflectiveOperationException;
  }

  private static @Nullable MethodHandle find(Lookup wanted) {
    try {
      return wanted.in(MethodHandles.publicLookup());
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
