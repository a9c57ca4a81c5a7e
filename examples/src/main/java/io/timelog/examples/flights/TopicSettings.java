package io.timelog.examples.flights;

import java.util.Map;
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
}
