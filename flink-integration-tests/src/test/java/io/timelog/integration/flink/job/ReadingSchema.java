package io.timelog.integration.flink.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;

/** How readings are in Kafka. */
final class ReadingSchema extends AbstractDeserializationSchema<Reading> {
  private static final long serialVersionUID = 1L;

  @Override
  public Reading deserialize(byte[] message) {
    return Reading.parse(new String(message, UTF_8));
  }
}
