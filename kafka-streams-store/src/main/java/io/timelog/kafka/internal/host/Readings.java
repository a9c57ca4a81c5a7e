package io.timelog.kafka.internal.host;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What readers of one isolation level see of a store. Any thread may read.
 *
 * @param <S> what the store knows beside its entries
 */
@FunctionalInterface
public interface Readings<S> {
  /**
   * Reads the store.
   *
   * @param reading may be called again if what it saw turns out not to be of the level; what it
   *     returned before is closed then, if it can be
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException if the store is closed
   */
  <T extends @Nullable Object> T read(Function<? super Contents<S>, ? extends T> reading);
}
