package io.timelog.examples.flights;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.kstream.Windowed;

/** Reads what the application has written. */
final class DelaysTopic {
  private static final Duration POLL = Duration.ofMillis(100);

  private DelaysTopic() {}

  /** The last delays of every airport and window, up to what is in the topic now. */
  static Map<AirportWindow, Delays> read(
      String bootstrapServers, HoppingWindows windows, StopSignal stop)
      throws StopSignal.StoppedException {
    Map<AirportWindow, Delays> last = new HashMap<>();
    try (KafkaConsumer<Windowed<String>, Delays> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            FlightDelaysTopology.airportWindow(windows).deserializer(),
            FlightSerdes.delays().deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(FlightDelaysTopology.DELAYS).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        stop.check();
        for (ConsumerRecord<Windowed<String>, Delays> record : consumer.poll(POLL)) {
          last.put(
              new AirportWindow(record.key().key(), record.key().window().start()), record.value());
        }
      }
    }
    return last;
  }
}
