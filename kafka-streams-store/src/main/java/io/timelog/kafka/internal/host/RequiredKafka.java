package io.timelog.kafka.internal.host;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;

/** The version of Kafka Streams that there must be at least. */
public final class RequiredKafka {
  private static final String MINIMUM = "4.3.0";

  /** A class that came with that version, and in whose absence nothing of ours would link. */
  private static final String SIGN = "org.apache.kafka.streams.DslStoreFormat";

  private static final String VERSION_RESOURCE = "/kafka/kafka-streams-version.properties";

  private RequiredKafka() {}

  /**
   * Returns normally if Kafka Streams is new enough.
   *
   * @param who what needs it
   * @throws StreamsException if it is older
   */
  public static void check(String who) {
    try {
      Class.forName(SIGN, false, RequiredKafka.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new StreamsException(
          who
              + " needs a newer Kafka Streams: found="
              + found()
              + ", minimum="
              + MINIMUM
              + ". Raise the version of org.apache.kafka:kafka-streams.",
          e);
    }
  }

  private static String found() {
    Properties version = new Properties();
    try (InputStream resource = KafkaStreams.class.getResourceAsStream(VERSION_RESOURCE)) {
      if (resource != null) {
        version.load(resource);
      }
    } catch (IOException e) {
      return "unknown (" + e + ")";
    }
    return version.getProperty("version", "unknown");
  }
}
