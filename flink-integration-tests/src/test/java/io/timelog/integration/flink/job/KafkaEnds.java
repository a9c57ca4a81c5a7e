package io.timelog.integration.flink.job;

import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;

/** Source and sink of a job. */
record KafkaEnds(TopicJob job) {
  /** The end of a transaction that nobody ends, below what the broker allows. */
  private static final String TRANSACTION_TIMEOUT_MILLIS = "600000";

  /** All of the input, which a schema makes readings of. */
  KafkaSource<Reading> source(KafkaRecordDeserializationSchema<Reading> schema) {
    return KafkaSource.<Reading>builder()
        .setBootstrapServers(job.bootstrapServers())
        .setTopics(job.input())
        .setGroupId(job.output())
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(schema)
        .build();
  }

  /** A sink that writes results exactly once. */
  KafkaSink<String> sink() {
    return KafkaSink.<String>builder()
        .setBootstrapServers(job.bootstrapServers())
        .setRecordSerializer(
            KafkaRecordSerializationSchema.builder()
                .setTopic(job.output())
                .setValueSerializationSchema(new SimpleStringSchema())
                .build())
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(job.output())
        .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS)
        .build();
  }
}
