package io.timelog.kafka.internal.host;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer that tells the tables of its thread when a transaction is committed, and how far the
 * changelogs have come with it. For the stream thread, which commits.
 */
public final class TransactionTeller extends KafkaProducer<byte[], byte[]> {
  /*
   * A transaction that could not be committed within its time may be committed again, so what it has is
   * forgotten only when it is over: committed, or aborted, or when the next one begins.
   */

  /** The last record of each partition in this transaction; acknowledged on other threads. */
  private final Map<TopicPartition, Long> acknowledged = new ConcurrentHashMap<>();

  /** What was read of the input, which is the changelog of a table that has it for its own. */
  private final Map<TopicPartition, Long> read = new HashMap<>();

  /** A producer with the settings that Kafka Streams gives. */
  public TransactionTeller(Map<String, Object> config) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void beginTransaction() {
    forget();
    super.beginTransaction();
  }

  private void forget() {
    acknowledged.clear();
    read.clear();
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    return super.send(
        record,
        (metadata, failure) -> {
          if (failure == null && metadata.hasOffset()) {
            acknowledged.merge(
                new TopicPartition(metadata.topic(), metadata.partition()),
                metadata.offset(),
                Math::max);
          }
          if (callback != null) {
            callback.onCompletion(metadata, failure);
          }
        });
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    super.sendOffsetsToTransaction(offsets, group);
    offsets.forEach((partition, next) -> read.put(partition, next.offset() - 1));
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    Map<TopicPartition, Long> committed = new HashMap<>(read);
    committed.putAll(acknowledged);
    forget();
    WrittenTables.ofThisThread().committed(committed);
  }

  @Override
  public void abortTransaction() {
    super.abortTransaction();
    forget();
  }
}
