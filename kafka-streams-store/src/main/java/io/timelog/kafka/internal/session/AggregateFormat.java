package io.timelog.kafka.internal.session;

/**
 * What the bytes of an aggregate are. The store never looks into them; Kafka Streams asks, because
 * it converts what it reads from a changelog into this format.
 */
public enum AggregateFormat {
  /** The serialized aggregate. */
  PLAIN,
  /** Record headers after their size as a varint, then the serialized aggregate. */
  HEADERS
}
