package io.timelog.integration.flink.job;

import java.util.function.UnaryOperator;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job that reads a topic and writes what it makes of that to another, exactly once. */
public interface TopicJob {
  /** Where the broker is. */
  String bootstrapServers();

  /** The topic of the readings. */
  String input();

  /** The topic of the results; the job's consumer group has the same name. */
  String output();

  /**
   * Adds the job to an environment.
   *
   * @param beforeSink what is done to the results on their way to Kafka
   */
  void define(StreamExecutionEnvironment environment, UnaryOperator<DataStream<String>> beforeSink);

  /** Makes jobs of one kind. */
  @FunctionalInterface
  interface Factory<J extends TopicJob> {
    J create(String bootstrapServers, String input, String output);
  }
}
