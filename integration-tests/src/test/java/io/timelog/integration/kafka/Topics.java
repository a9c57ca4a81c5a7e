package io.timelog.integration.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics of a broker, and what tests want of them. Keys and values are strings. */
final class Topics implements AutoCloseable {
  private final Broker broker;
  private final Admin admin;

  Topics(Broker broker) {
    this.broker = broker;
    admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
  }

  void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  /** Returns when the broker has all records. */
  void send(List<ProducerRecord<String, String>> records) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true),
            new StringSerializer(),
            new StringSerializer())) {
      records.forEach(record -> sent.add(producer.send(record)));
    }
    for (Future<?> record : sent) {
      record.get();
    }
  }

  /** Whether an application has committed its place behind all records of a topic. */
  boolean isConsumed(String application, String topic) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata().get();
    for (TopicPartition partition : partitions(topic)) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null || offset.offset() < end(partition)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The committed records of a topic of one partition, in their order. Records of transactions that
   * are still open when it is called are waited for.
   */
  List<ConsumerRecord<String, String>> read(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    long end = end(partition);
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Eventually.holds(
          "all of " + topic + " can be read",
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return consumer.position(partition) >= end;
          },
          () -> records.size() + " records until " + end);
    }
    return records;
  }

  /** Behind the last record of a partition, whether its transaction has been committed or not. */
  long end(TopicPartition partition) throws Exception {
    return admin
        .listOffsets(
            Map.of(partition, OffsetSpec.latest()),
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .all()
        .get()
        .get(partition)
        .offset();
  }

  private List<TopicPartition> partitions(String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  /** Records ever written to a topic of one partition, markers included; 0 if there is none. */
  long written(String topic) throws Exception {
    try {
      return end(new TopicPartition(topic, 0));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
