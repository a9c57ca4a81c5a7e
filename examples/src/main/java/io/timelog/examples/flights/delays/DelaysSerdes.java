package io.timelog.examples.flights.delays;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How delays are written to the store and to the output topic. Null stays null. */
final class DelaysSerdes {
  private static final int DELAYS_BYTES = 2 * Long.BYTES;

  private DelaysSerdes() {}

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
