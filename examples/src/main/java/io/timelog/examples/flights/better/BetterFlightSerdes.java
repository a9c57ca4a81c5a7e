package io.timelog.examples.flights.better;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.examples.flights.data.Flight;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How pairs of flights are written to the output topic. Null stays null. */
final class BetterFlightSerdes {
  private BetterFlightSerdes() {}

  /** The two flights, late one first, each as its line. */
  static Serde<BetterFlight> betterFlight() {
    return Serdes.serdeFrom(
        (topic, pair) ->
            pair == null
                ? null
                : (pair.late().line() + "\n" + pair.punctual().line()).getBytes(UTF_8),
        (topic, bytes) -> bytes == null ? null : betterFlight(topic, new String(bytes, UTF_8)));
  }

  private static BetterFlight betterFlight(String topic, String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 2) {
      throw new SerializationException(
          "Not a pair of flights: lines=" + lines.length + ", expected=2, topic=" + topic);
    }
    return new BetterFlight(Flight.parse(lines[0]), Flight.parse(lines[1]));
  }
}
