package io.timelog.internal.log;

import java.nio.ByteBuffer;

/** Reads the values of payloads. For one thread. */
public interface ValueReader<V> {
  /** The value whose payload is {@code length} bytes at {@code offset}. */
  V read(ByteBuffer payload, int offset, int length);
}
