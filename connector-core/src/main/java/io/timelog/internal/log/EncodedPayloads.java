package io.timelog.internal.log;

import io.timelog.Codec;
import io.timelog.DropListener;
import io.timelog.internal.drop.RowDropListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Payloads are what a codec makes of values. */
public final class EncodedPayloads<V> extends Payloads<V> {
  private final CheckedCodec<V> codec;

  /** Values of one log; dropped ones are told to {@code listener}, if there is one. */
  public EncodedPayloads(Codec<V> codec, @Nullable DropListener<? super V> listener) {
    super(listener);
    this.codec = new CheckedCodec<>(codec);
  }

  @Override
  void stage(long timestamp, V value, StagedEntries staged) {
    int size = codec.size(value);
    codec.write(value, staged.open(size), size);
    staged.commit(timestamp, size);
  }

  @Override
  void discard(StagedEntries staged, int from) {
    // Encoded values hold nothing.
  }

  @Override
  public ValueReader<V> reader() {
    return new Decoder<>(codec);
  }

  @Override
  boolean hearsOfDrops() {
    return hasListener();
  }

  @Override
  public @Nullable RowDropListener rowDropListener() {
    if (!hasListener()) {
      return null;
    }
    ValueReader<V> decoder = reader();
    return (key, keyOffset, keyLength, timestamp, payload, offset, length) ->
        report(timestamp, decoder.read(payload, offset, length));
  }

  @Override
  public void close() {
    // Encoded values hold nothing.
  }

  /**
   * Keeps a view of the buffer it read last, which is nearly always the buffer of the next read.
   */
  private static final class Decoder<V> implements ValueReader<V> {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final CheckedCodec<V> codec;
    private ByteBuffer viewed = NONE;
    private ByteBuffer view = NONE;

    Decoder(CheckedCodec<V> codec) {
      this.codec = codec;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
    public V read(ByteBuffer payload, int offset, int length) {
      if (payload != viewed) {
        viewed = payload;
        view = payload.asReadOnlyBuffer();
      }
      view.limit(offset + length).position(offset);
      return codec.read(view);
    }
  }
}
