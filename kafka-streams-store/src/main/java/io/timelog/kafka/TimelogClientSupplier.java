package io.timelog.kafka;

import io.timelog.kafka.internal.host.TransactionTeller;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Has stores committed with every transaction, on Kafka Streams 4.3 with exactly-once, by one line
 * of the configuration:
 *
 * <pre>{@code
 * default.client.supplier=io.timelog.kafka.TimelogClientSupplier
 * }</pre>
 *
 * <p>There Kafka Streams does not tell a store of a transaction. This gives it the clients that it
 * has anyway, of which the producer tells the Timelog stores of its thread. From 4.4 on, {@code
 * enable.transactional.statestores} does the same and more; both together do no harm. Without
 * exactly-once it changes nothing.
 *
 * <p>An application that has a supplier of its own extends this one, and names its own in the
 * configuration, also if it hands it to {@code KafkaStreams} itself: that is where stores look
 * whether they will be told. Stateless, and so usable by any number of threads.
 */
public class TimelogClientSupplier implements KafkaClientSupplier {
  /** For Kafka Streams, which makes it by its name. */
  public TimelogClientSupplier() {
    // Nothing is to be set.
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new TransactionTeller(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
