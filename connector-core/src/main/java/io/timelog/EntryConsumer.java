package io.timelog;

/** Takes the timestamp and the value of an entry. */
@FunctionalInterface
public interface EntryConsumer<V> {
  /** Takes one entry. */
  void accept(long timestamp, V value);
}
