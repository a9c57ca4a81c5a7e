package io.timelog.summary;

import io.timelog.Codec;
import java.nio.ByteBuffer;

/** A codec that counts how many values are read. For one thread. */
final class CountedReads<V> implements Codec<V> {
  private final Codec<V> codec;
  private long count;

  CountedReads(Codec<V> codec) {
    this.codec = codec;
  }

  /** How many values were read since this was asked last. */
  long take() {
    long taken = count;
    count = 0;
    return taken;
  }

  @Override
  public int size(V value) {
    return codec.size(value);
  }

  @Override
  public void write(V value, ByteBuffer target) {
    codec.write(value, target);
  }

  @Override
  public V read(ByteBuffer source) {
    count++;
    return codec.read(source);
  }
}
