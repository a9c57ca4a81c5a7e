package io.timelog.integration.flink.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How several readings are in one record of Kafka: a line for each. */
final class TogetherSchema implements KafkaRecordDeserializationSchema<Reading> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Reading> out) {
    new String(record.value(), UTF_8).lines().map(Reading::parse).forEach(out::collect);
  }

  @Override
  public TypeInformation<Reading> getProducedType() {
    return TypeInformation.of(Reading.class);
  }
}
