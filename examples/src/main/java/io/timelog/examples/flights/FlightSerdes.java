package io.timelog.examples.flights;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How the values of the topics and of the store are written. Null stays null. */
final class FlightSerdes {
  private static final int DELAYS_BYTES = 2 * Long.BYTES;

  private FlightSerdes() {}

  /** A flight as its line, so that any console consumer can show it. */
  static Serde<Flight> flight() {
    return Serdes.serdeFrom(
        (topic, flight) -> flight == null ? null : flight.line().getBytes(UTF_8),
        (topic, bytes) -> bytes == null ? null : Flight.parse(new String(bytes, UTF_8)));
  }

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

  /** Departures and total minutes, 8 bytes each, big-endian. */
  static Serde<Delays> delays() {
    return Serdes.serdeFrom(
        (topic, delays) -> delays == null ? null : bytes(delays),
        (topic, bytes) -> bytes == null ? null : delays(topic, bytes));
  }

  private static byte[] bytes(Delays delays) {
    return ByteBuffer.allocate(DELAYS_BYTES)
        .putLong(delays.departures())
        .putLong(delays.totalMinutes())
        .array();
  }

  private static Delays delays(String topic, byte[] bytes) {
    if (bytes.length != DELAYS_BYTES) {
      throw new SerializationException(
          "Not delays: length=" + bytes.length + ", expected=" + DELAYS_BYTES + ", topic=" + topic);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Delays(buffer.getLong(), buffer.getLong());
  }
}
