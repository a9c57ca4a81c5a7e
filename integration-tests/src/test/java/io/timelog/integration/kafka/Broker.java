package io.timelog.integration.kafka;

/** Where a Kafka broker listens. */
interface Broker {
  /** In the form of {@code bootstrap.servers}. */
  String bootstrapServers();
}
