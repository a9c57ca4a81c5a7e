package io.timelog.flink.internal.summary;

import io.timelog.ByteTarget;
import io.timelog.Codec;
import io.timelog.Span;
import io.timelog.flink.internal.state.ValueCoder;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** A serializer of Flink as a codec of the engine. For the task's thread. */
final class SerializerCodec<T> implements Codec<T> {
  private final TypeSerializer<T> serializer;
  private final ValueCoder coder = new ValueCoder("a summary");
  private final ByteTarget bytes = new ByteTarget();

  SerializerCodec(TypeSerializer<T> serializer) {
    this.serializer = serializer;
  }

  @Override
  public int size(T value) {
    return coder.encode(value, serializer).length();
  }

  @Override
  public void write(T value, ByteBuffer target) {
    Span encoded = coder.encode(value, serializer);
    target.put(encoded.bytes(), encoded.offset(), encoded.length());
  }

  @Override
  public T read(ByteBuffer source) {
    return coder.decode(bytes.set(source, source.position(), source.remaining()), serializer);
  }
}
