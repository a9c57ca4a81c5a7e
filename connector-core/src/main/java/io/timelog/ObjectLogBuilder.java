package io.timelog;

import io.timelog.internal.log.ObjectPayloads;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link Timelog} that keeps its values as objects on the heap. The type
 * of the values is that of the variable which the log is assigned to:
 *
 * <pre>{@code
 * Timelog<Order> orders = Timelog.objects().name("orders").build();
 * }</pre>
 *
 * <p>Where there is no such variable, say it at the start: {@code Timelog.<Order>objects()}. Not
 * thread-safe.
 *
 * @param <T> what all values are at least
 */
public final class ObjectLogBuilder<T> extends LogBuilder<ObjectLogBuilder<T>> {
  private @Nullable DropListener<? super T> dropListener;

  ObjectLogBuilder() {}

  @Override
  ObjectLogBuilder<T> self() {
    return this;
  }

  /**
   * Told of every entry that a delete removed for good. Default: nobody.
   *
   * @return this builder, for logs of the values that the listener takes
   */
  @SuppressWarnings("unchecked") // holds nothing of type T but the listener, which is replaced
  public <V extends T> ObjectLogBuilder<V> dropListener(DropListener<? super V> listener) {
    ObjectLogBuilder<V> narrowed = (ObjectLogBuilder<V>) this;
    narrowed.dropListener = Objects.requireNonNull(listener, "listener");
    return narrowed;
  }

  /**
   * An empty log with these settings.
   *
   * @param <V> the type of the values
   * @throws IllegalArgumentException if the memtable may take more than the memory budget, or if
   *     there is a window origin without a window size
   * @throws ArithmeticException if the window size or origin cannot be expressed in the time
   *     precision
   */
  public <V extends T> Timelog<V> build() {
    return new Timelog<>(
        storeSettings(), grids().get(), timePrecision(), new ObjectPayloads<>(dropListener));
  }
}
