package io.timelog.kafka.eventlog;

/**
 * An entry of an event-log store.
 *
 * @param key whose entry it is
 * @param timestamp when it happened, in milliseconds since the epoch
 * @param value what happened
 */
public record EventLogEntry<K, V>(K key, long timestamp, V value) {}
