package io.timelog.integration.kafka;

import java.util.Map;

/** The settings that brokers of all kinds share here. */
final class BrokerSettings {
  /** Lets a broker be alone, and lets nobody wait for more members of a group. */
  static final Map<String, String> OF_ONE_NODE =
      Map.of(
          "auto.create.topics.enable", "false",
          "group.initial.rebalance.delay.ms", "0",
          "log.cleaner.dedupe.buffer.size", "2097152",
          "offsets.topic.num.partitions", "1",
          "offsets.topic.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "transaction.state.log.num.partitions", "1",
          "transaction.state.log.replication.factor", "1");

  private BrokerSettings() {}
}
