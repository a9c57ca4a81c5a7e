package io.timelog.kafka.internal.host;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.internals.StateStoreProvider;

/**
 * A type of store that interactive queries can ask for.
 *
 * @param type what a store must be
 * @param facade makes one store out of those of all partitions, which it gets anew for each call,
 *     because partitions come and go
 */
public record QueryableType<T>(Class<?> type, Function<Supplier<List<T>>, T> facade)
    implements QueryableStoreType<T> {
  @Override
  public boolean accepts(StateStore store) {
    return type.isInstance(store);
  }

  @Override
  public T create(StateStoreProvider provider, String storeName) {
    return facade.apply(() -> provider.stores(storeName, this));
  }
}
