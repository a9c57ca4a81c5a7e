package io.timelog;

import io.timelog.internal.engine.RowDropListener;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Payloads are what a codec makes of values. */
final class EncodedPayloads<V> extends Payloads<V> {
  private final Codec<V> codec;

  EncodedPayloads(Codec<V> codec, @Nullable DropListener<? super V> listener) {
    super(listener);
    this.codec = codec;
  }

  @Override
  void stage(long timestamp, V value, StagedEntries staged) {
    int size = codec.size(value);
    if (size < 0) {
      throw new IllegalArgumentException(
          "The codec announced a negative size: size=" + size + ", codec=" + codecName());
    }
    if (size > Table.MAX_PART_BYTES) {
      throw new IllegalArgumentException(
          "A value is too large: bytes=" + size + ", max=" + Table.MAX_PART_BYTES);
    }
    ByteBuffer target = staged.open(size);
    try {
      codec.write(value, target);
    } catch (BufferOverflowException overflow) {
      throw new IllegalArgumentException(
          "The codec wrote more bytes than it announced: size=" + size + ", codec=" + codecName(),
          overflow);
    }
    if (!staged.commit(timestamp, size)) {
      throw new IllegalArgumentException(
          "The codec wrote another number of bytes than it announced: size="
              + size
              + ", written="
              + staged.written()
              + ", codec="
              + codecName());
    }
  }

  @Override
  void discard(StagedEntries staged, int from) {
    // Encoded values hold nothing.
  }

  @Override
  ValueReader<V> reader() {
    return new Decoder<>(codec);
  }

  @Override
  boolean hearsOfDrops() {
    return hasListener();
  }

  @Override
  @Nullable RowDropListener rowDropListener() {
    if (!hasListener()) {
      return null;
    }
    ValueReader<V> decoder = reader();
    return (key, keyOffset, keyLength, timestamp, payload, offset, length) ->
        report(timestamp, decoder.read(payload, offset, length));
  }

  @Override
  void close() {
    // Encoded values hold nothing.
  }

  private String codecName() {
    return codec.getClass().getName();
  }

  /**
   * Keeps a view of the buffer it read last, which is nearly always the buffer of the next read.
   */
  private static final class Decoder<V> extends ValueReader<V> {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Codec<V> codec;
    private ByteBuffer viewed = NONE;
    private ByteBuffer view = NONE;

    Decoder(Codec<V> codec) {
      this.codec = codec;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
    V read(ByteBuffer payload, int offset, int length) {
      if (payload != viewed) {
        viewed = payload;
        view = payload.asReadOnlyBuffer();
      }
      view.order(ByteOrder.BIG_ENDIAN).limit(offset + length).position(offset);
      V value = codec.read(view);
      if (value == null) {
        throw new NullPointerException(
            "The codec read a null value: codec=" + codec.getClass().getName());
      }
      return value;
    }
  }
}
