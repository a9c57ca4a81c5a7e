package io.timelog.kafka;

import io.timelog.kafka.internal.host.RequiredKafka;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslSessionParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.DslWindowParams;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * Puts the state of the whole DSL into Timelog by one line of the configuration:
 *
 * <pre>{@code
 * dsl.store.suppliers.class=io.timelog.kafka.TimelogDslStoreSuppliers
 * }</pre>
 *
 * <p>Every operator is given a store in the format that it works with, so that nothing converts
 * between the two: tumbling, hopping and sliding windows and sessions, emitted on update or on
 * close, both sides of a stream-stream join and what they share, and tables. Operators that name a
 * supplier of their own keep it. Stateless, and so usable by any number of threads.
 */
public final class TimelogDslStoreSuppliers implements DslStoreSuppliers {
  /**
   * For Kafka Streams, which makes it by its name.
   *
   * @throws StreamsException if Kafka Streams is older than 4.3
   */
  public TimelogDslStoreSuppliers() {
    RequiredKafka.check("TimelogDslStoreSuppliers");
  }

  @Override
  public WindowBytesStoreSupplier windowStore(DslWindowParams params) {
    TimelogWindowStoreSupplier supplier = windowStoreInFormat(params);
    if (params.retainDuplicates()) {
      supplier = supplier.retainingDuplicates();
    }
    return emitsOnClose(params.emitStrategy()) ? supplier.emittingOnClose() : supplier;
  }

  private static TimelogWindowStoreSupplier windowStoreInFormat(DslWindowParams params) {
    // A join asks for plain values and then works with headers, by an adapter if it must.
    if (params.retainDuplicates() || params.dslStoreFormat() == DslStoreFormat.HEADERS) {
      return TimelogStores.windowStoreWithHeaders(
          params.name(), params.retentionPeriod(), params.windowSize());
    }
    return params.dslStoreFormat() == DslStoreFormat.PLAIN
        ? TimelogStores.windowStore(params.name(), params.retentionPeriod(), params.windowSize())
        : TimelogStores.timestampedWindowStore(
            params.name(), params.retentionPeriod(), params.windowSize());
  }

  @Override
  public SessionBytesStoreSupplier sessionStore(DslSessionParams params) {
    TimelogSessionStoreSupplier supplier =
        params.storeFormat() == DslStoreFormat.HEADERS
            ? TimelogStores.sessionStoreWithHeaders(params.name(), params.retentionPeriod())
            : TimelogStores.sessionStore(params.name(), params.retentionPeriod());
    return emitsOnClose(params.emitStrategy()) ? supplier.emittingOnClose() : supplier;
  }

  private static boolean emitsOnClose(EmitStrategy strategy) {
    return strategy.type() == EmitStrategy.StrategyType.ON_WINDOW_CLOSE;
  }

  @Override
  public KeyValueBytesStoreSupplier keyValueStore(DslKeyValueParams params) {
    return switch (params.dslStoreFormat()) {
      case PLAIN -> TimelogStores.keyValueStore(params.name());
      case TIMESTAMPED -> TimelogStores.timestampedKeyValueStore(params.name());
      case HEADERS -> TimelogStores.keyValueStoreWithHeaders(params.name());
    };
  }
}
