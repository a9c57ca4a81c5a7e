package io.timelog;

import io.timelog.internal.log.EncodedPayloads;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link Timelog} whose values a codec turns into bytes. Not
 * thread-safe.
 *
 * @param <V> the type of the values
 */
public final class TimelogBuilder<V> extends LogBuilder<TimelogBuilder<V>> {
  private final Codec<V> codec;
  private @Nullable DropListener<? super V> dropListener;

  TimelogBuilder(Codec<V> codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
  }

  @Override
  TimelogBuilder<V> self() {
    return this;
  }

  /** Told of every entry that a delete removed for good. Default: nobody. */
  public TimelogBuilder<V> dropListener(DropListener<? super V> listener) {
    dropListener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * An empty log with these settings.
   *
   * @throws IllegalArgumentException if the memtable may take more than the memory budget, or if
   *     there is a window origin without a window size
   * @throws ArithmeticException if the window size or origin cannot be expressed in the time
   *     precision
   */
  public Timelog<V> build() {
    return new Timelog<>(
        storeSettings(), grid(), timePrecision(), new EncodedPayloads<>(codec, dropListener));
  }
}
