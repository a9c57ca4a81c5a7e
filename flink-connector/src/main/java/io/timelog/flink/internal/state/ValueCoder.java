package io.timelog.flink.internal.state;

import io.timelog.ByteTarget;
import io.timelog.Span;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** Turns values into bytes and back, in arrays that are used again. For one thread. */
public final class ValueCoder {
  private static final int FIRST_BYTES = 128;

  private final String state;
  private final DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final Span span = new Span();

  /**
   * A coder for values of a state.
   *
   * @param state its name, which appears in messages
   */
  public ValueCoder(String state) {
    this.state = state;
  }

  /** The bytes of a value; valid until this encodes another. */
  public <T> Span encode(T value, TypeSerializer<T> serializer) {
    out.clear();
    return append(value, serializer);
  }

  /** The bytes of a value behind one byte that the serializer knows nothing of. */
  public <T> Span encodeMarked(byte mark, T value, TypeSerializer<T> serializer) {
    out.clear();
    appendMark(mark);
    return append(value, serializer);
  }

  /** A single byte that stands for a value. */
  public Span encodeMark(byte mark) {
    out.clear();
    appendMark(mark);
    return encoded();
  }

  private void appendMark(byte mark) {
    try {
      out.writeByte(mark);
    } catch (IOException e) {
      throw failure("serialize", e);
    }
  }

  private <T> Span append(T value, TypeSerializer<T> serializer) {
    try {
      serializer.serialize(value, out);
    } catch (IOException e) {
      throw failure("serialize", e);
    }
    return encoded();
  }

  private Span encoded() {
    return span.set(out.getSharedBuffer(), 0, out.length());
  }

  /** The value that a target holds. */
  public <T> T decode(ByteTarget bytes, TypeSerializer<T> serializer) {
    return decode(bytes.bytes(), 0, bytes.length(), serializer);
  }

  /** The value that a span holds, behind its first {@code head} bytes. */
  public <T> T decode(Span bytes, int head, TypeSerializer<T> serializer) {
    return decode(bytes.bytes(), bytes.offset() + head, bytes.length() - head, serializer);
  }

  /**
   * Begins with values that lie one behind the other in a span; {@link #decodeNext} gives one after
   * the other, as long as nothing else is decoded.
   */
  public void beginAll(Span bytes) {
    in.setBuffer(bytes.bytes(), bytes.offset(), bytes.length());
  }

  /** The next value, behind {@code head} bytes. */
  public <T> T decodeNext(int head, TypeSerializer<T> serializer) {
    try {
      in.skipBytesToRead(head);
      return serializer.deserialize(in);
    } catch (IOException e) {
      throw failure("deserialize", e);
    }
  }

  private <T> T decode(byte[] bytes, int offset, int length, TypeSerializer<T> serializer) {
    try {
      in.setBuffer(bytes, offset, length);
      return serializer.deserialize(in);
    } catch (IOException e) {
      throw failure("deserialize", e);
    }
  }

  /** A copy of a value that the job must not share; null stays null. */
  public static <T> @Nullable T copy(@Nullable T value, TypeSerializer<T> serializer) {
    return value == null ? null : serializer.copy(value);
  }

  private FlinkRuntimeException failure(String what, IOException cause) {
    return new FlinkRuntimeException("Could not " + what + " a value: state=" + state, cause);
  }
}
