package io.timelog;

import java.util.Objects;

/**
 * A value with its key, the time it belongs to, and its subkey.
 *
 * @param key never null
 * @param timestamp in the unit of the table
 * @param subkey never null
 * @param value never null
 */
public record MappedEntry<K, S, V>(K key, long timestamp, S subkey, V value) {
  /**
   * Checks key, subkey and value.
   *
   * @throws NullPointerException if one is null
   */
  public MappedEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(subkey, "subkey");
    Objects.requireNonNull(value, "value");
  }
}
