package io.timelog.benchmarks.churn;

/** Reads of a {@link ByteMap}, of the present or of a snapshot. */
interface ByteReads extends AutoCloseable {
  /** A walk over the map, which stands nowhere yet. */
  Walk walk();

  @Override
  void close();

  /** Goes from key to key. A map must not be written to during a walk. */
  interface Walk extends AutoCloseable {
    /** Goes to the first key at or behind {@code key}; false if there is none. */
    boolean seek(byte[] key);

    /**
     * Goes to the last key at or before {@code key}; false if there is none. Not to be followed by
     * {@link #next}.
     */
    boolean seekBack(byte[] key);

    /** Goes to the next key; false if there is none. */
    boolean next();

    byte[] key();

    byte[] value();

    @Override
    void close();
  }
}
