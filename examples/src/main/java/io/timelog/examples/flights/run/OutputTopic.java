package io.timelog.examples.flights.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;

/**
 * What an application has written.
 *
 * @param name of the topic
 * @param keys how its keys are read
 * @param values how its values are read
 */
public record OutputTopic<K, V>(String name, Serde<K> keys, Serde<V> values) {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Hands over every record, up to what is in the topic now, partition by partition in order. */
  public void read(
      String bootstrapServers, StopSignal stop, BiConsumer<? super K, ? super V> record)
      throws StopSignal.StoppedException {
    try (KafkaConsumer<K, V> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            keys.deserializer(),
            values.deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(name).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        stop.check();
        consumer.poll(POLL).forEach(found -> record.accept(found.key(), found.value()));
      }
    }
  }
}
