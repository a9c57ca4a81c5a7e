package io.timelog;

import java.nio.ByteBuffer;

/**
 * How the values of one log become payloads and come back: encoded by a codec, or kept on the heap
 * behind a handle. Staging belongs to the writer; everything else is thread-safe.
 */
abstract sealed class Payloads<V> permits EncodedPayloads, ObjectPayloads {
  /**
   * Adds the payload of a value to {@code staged}.
   *
   * @throws RuntimeException if the value has no payload; nothing was added
   */
  abstract void stage(V value, StagedPayloads staged);

  /** Takes back what was staged and not accepted by the engine. */
  abstract void discard(StagedPayloads staged);

  /** A reader for one thread. */
  abstract ValueReader<V> reader();

  /** Keeps every value that a snapshot taken from now on can meet, until the pin is closed. */
  abstract ReadPin pin();

  /** To be called by the engine after it has published a state without the row. */
  abstract void dropped(long timestamp, ByteBuffer payload, int offset, int length);

  /**
   * Reports a bounded number of dropped values that wait to be reported; cheap if there are none.
   */
  abstract void reportSome();

  /** Reports all dropped values that no open read can meet. */
  abstract void reportAll();

  /** Dropped values that wait to be reported. */
  abstract int retiredQueueLength();

  /** Lets go of all values as soon as no read is open. */
  abstract void close();

  /** Reads the values of payloads. */
  abstract static class ValueReader<V> {
    abstract V read(ByteBuffer payload, int offset, int length);
  }

  /** What an open read holds on to. */
  @FunctionalInterface
  interface ReadPin {
    /** To be called once. */
    void close();
  }
}
