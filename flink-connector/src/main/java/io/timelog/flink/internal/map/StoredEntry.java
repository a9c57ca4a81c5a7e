package io.timelog.flink.internal.map;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry that an iterator over a map hands out: reads what was stored, until it is given another
 * value, and writes through.
 */
abstract class StoredEntry<K, V> implements Map.Entry<K, V> {
  private boolean replaced;
  private @Nullable V replacement;

  /** The value as it was read. */
  abstract @Nullable V storedValue();

  /** Writes another value in the place of the stored one. */
  abstract void store(@Nullable V value);

  /** Whether the iterator that handed this out has removed it from the map. */
  abstract boolean isRemoved();

  @Override
  public final @Nullable V getValue() {
    return replaced ? replacement : storedValue();
  }

  @Override
  public final @Nullable V setValue(@Nullable V value) {
    if (isRemoved()) {
      throw new IllegalStateException("The entry has been removed: key=" + getKey());
    }
    V before = getValue();
    store(value);
    replaced = true;
    replacement = value;
    return before;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && Objects.equals(getKey(), entry.getKey())
        && Objects.equals(getValue(), entry.getValue());
  }

  @Override
  public final int hashCode() {
    return Objects.hashCode(getKey()) ^ Objects.hashCode(getValue());
  }

  @Override
  public final String toString() {
    return getKey() + "=" + getValue();
  }
}
