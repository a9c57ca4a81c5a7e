package io.timelog;

import java.util.Objects;

/**
 * A value with its key and the time it belongs to.
 *
 * @param key never null
 * @param timestamp in the unit of the table
 * @param value never null
 */
public record KeyedEntry<K, V>(K key, long timestamp, V value) {
  /**
   * Checks key and value.
   *
   * @throws NullPointerException if one is null
   */
  public KeyedEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }
}
