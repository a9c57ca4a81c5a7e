package io.timelog.examples.flights.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** How the topics are kept. */
public final class TopicSettings {
  private TopicSettings() {}

  /**
   * The configuration of a topic whose records are not deleted for their age. A broker compares
   * their timestamps with its own clock, and these are of 2001.
   */
  public static Map<String, String> keepForever() {
    return Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
  }

  /** Creates topics like that, and returns when they are there. */
  public static void createTopics(Admin admin, List<String> topics, Partitioning partitioning)
      throws ExecutionException, InterruptedException {
    admin
        .createTopics(
            topics.stream()
                .map(
                    topic ->
                        new NewTopic(topic, partitioning.partitions(), (short) 1)
                            .configs(keepForever()))
                .toList())
        .all()
        .get();
  }
}
