package io.timelog.kafka.internal.host;

/** What Kafka Streams is told of how long the entries of a store live. */
public enum StoreKind {
  /** The store says that it is persistent and keeps the offsets of its changelog itself. */
  PERSISTENT,
  /** The store says that its entries end with it; a task that has no other needs no directory. */
  IN_MEMORY
}
