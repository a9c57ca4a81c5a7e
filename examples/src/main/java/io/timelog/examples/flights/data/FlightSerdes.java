package io.timelog.examples.flights.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How flights are written to topics and stores. Null stays null. */
public final class FlightSerdes {
  private FlightSerdes() {}

  /** A flight as its line, so that any console consumer can show it. */
  public static Serde<Flight> flight() {
    return Serdes.serdeFrom(
        (topic, flight) -> flight == null ? null : flight.line().getBytes(UTF_8),
        (topic, bytes) -> bytes == null ? null : Flight.parse(new String(bytes, UTF_8)));
  }
}
