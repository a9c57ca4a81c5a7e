package io.timelog.kafka.internal.window;

/**
 * What the bytes of a value are. The store never looks into them; Kafka Streams asks, because it
 * converts what it reads from a changelog into this format.
 */
public enum ValueFormat {
  /** The serialized value. */
  PLAIN,
  /** The timestamp of the newest record in the value, 8 bytes, then the serialized value. */
  TIMESTAMPED,
  /** The headers of that record after their size as a varint, then as {@link #TIMESTAMPED}. */
  HEADERS
}
