package io.timelog.kafka.internal.eventlog;

import io.timelog.Codec;
import java.nio.ByteBuffer;

/** The serde of the values of a store in the shape in which the engine asks for one. */
final class ValueCodec<V> implements Codec<V> {
  private final EntrySerdes<?, V> serdes;

  ValueCodec(EntrySerdes<?, V> serdes) {
    this.serdes = serdes;
  }

  @Override
  public int size(V value) {
    return serdes.valueBytes(value).length;
  }

  @Override
  public void write(V value, ByteBuffer target) {
    target.put(serdes.valueBytes(value));
  }

  @Override
  public V read(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    return serdes.value(bytes);
  }
}
