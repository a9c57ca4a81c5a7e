package io.timelog.benchmarks.churn;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A map from bytes to bytes, in the order of unsigned bytes. */
interface ByteMap extends ByteReads {
  void put(byte[] key, byte[] value);

  void remove(byte[] key);

  byte @Nullable [] get(byte[] key);

  /** Removes the keys in {@code [from, to)}. */
  void removeRange(byte[] from, byte[] to);

  /** The map as it is now. */
  ByteReads snapshot();

  /** Moves what was written lately to where it stays. */
  void flush();

  /** As {@link ChurnEngine#accountedBytes}. */
  OptionalLong accountedBytes();
}
