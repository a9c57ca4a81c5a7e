package io.timelog.benchmarks.kafka;

import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslSessionParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.DslWindowParams;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Stores that do as little as the job allows: what it costs on these is Kafka Streams' own. Hash
 * tables of small sorted maps on the heap; nothing expires, nothing can be restored or queried.
 */
public final class FloorSuppliers implements DslStoreSuppliers {
  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public KeyValueBytesStoreSupplier keyValueStore(DslKeyValueParams params) {
    // A sorted map with nothing around it is as little as this job allows.
    return Stores.inMemoryKeyValueStore(params.name());
  }

  @Override
  public WindowBytesStoreSupplier windowStore(DslWindowParams params) {
    boolean byTime = params.emitStrategy().type() == EmitStrategy.StrategyType.ON_WINDOW_CLOSE;
    return new WindowBytesStoreSupplier() {
      @Override
      public String name() {
        return params.name();
      }

      @Override
      public WindowStore<Bytes, byte[]> get() {
        return byTime
            ? new FloorStores.ByTime(params.name())
            : params.retainDuplicates()
                ? new FloorStores.Duplicates(params.name())
                : new FloorStores.ByKey(params.name());
      }

      @Override
      public String metricsScope() {
        return "floor-window";
      }

      @Override
      public long segmentIntervalMs() {
        return Math.max(params.retentionPeriod().toMillis() / 2, 60_000);
      }

      @Override
      public long windowSize() {
        return params.windowSize().toMillis();
      }

      @Override
      public boolean retainDuplicates() {
        return params.retainDuplicates();
      }

      @Override
      public long retentionPeriod() {
        return params.retentionPeriod().toMillis();
      }
    };
  }

  @Override
  public SessionBytesStoreSupplier sessionStore(DslSessionParams params) {
    return new SessionBytesStoreSupplier() {
      @Override
      public String name() {
        return params.name();
      }

      @Override
      public SessionStore<Bytes, byte[]> get() {
        return new FloorStores.Sessions(params.name());
      }

      @Override
      public String metricsScope() {
        return "floor-session";
      }

      @Override
      public long segmentIntervalMs() {
        return Math.max(params.retentionPeriod().toMillis() / 2, 60_000);
      }

      @Override
      public long retentionPeriod() {
        return params.retentionPeriod().toMillis();
      }
    };
  }
}
