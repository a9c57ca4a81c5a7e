package io.timelog.integration.flink.job;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a test sends to the topic that its jobs read. */
public interface Input {
  /** How many partitions the topic has. */
  int partitions();

  /** All records in as many parts, which are to be sent one after the other. */
  List<List<ProducerRecord<String, String>>> records(String topic, int parts);
}
