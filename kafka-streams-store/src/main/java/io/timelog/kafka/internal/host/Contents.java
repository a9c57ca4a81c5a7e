package io.timelog.kafka.internal.host;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds, now or at one moment. As readings it is what a reader sees who may see it
 * all.
 *
 * @param <S> what the store knows beside its entries
 * @param table the entries
 * @param state what the store knows beside them, such as how far time has come
 */
public record Contents<S>(ReadableTable table, S state) implements Readings<S> {
  @Override
  public <T extends @Nullable Object> T read(Function<? super Contents<S>, ? extends T> reading) {
    return reading.apply(this);
  }
}
