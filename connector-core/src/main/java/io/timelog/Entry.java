package io.timelog;

/**
 * A value and the time it belongs to.
 *
 * @param timestamp in the {@link TimePrecision} of the log
 * @param value never null
 */
public record Entry<V>(long timestamp, V value) {
  /**
   * Checks the value.
   *
   * @throws NullPointerException if {@code value} is null
   */
  public Entry {
    if (value == null) {
      throw new NullPointerException("The value is null: timestamp=" + timestamp);
    }
  }
}
