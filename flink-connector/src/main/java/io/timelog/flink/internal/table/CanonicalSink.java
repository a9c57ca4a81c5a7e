package io.timelog.flink.internal.table;

import java.io.IOException;

/** Takes entries as a canonical savepoint has them into a table. For the writer. */
@FunctionalInterface
public interface CanonicalSink {
  /**
   * Takes one entry, which must not be in the table yet.
   *
   * @param key the composite key, followed by the key in the map if the state is one
   * @throws IOException if the bytes are not what the serializers of the state write
   */
  void accept(byte[] key, byte[] value) throws IOException;
}
