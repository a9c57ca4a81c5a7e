package io.timelog.examples.flights.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.examples.flights.data.Flight;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;

/** How flights are in the input topic: each as its line. */
final class FlightSchema extends AbstractDeserializationSchema<Flight> {
  private static final long serialVersionUID = 1L;

  @Override
  public Flight deserialize(byte[] message) {
    return Flight.parse(new String(message, UTF_8));
  }
}
