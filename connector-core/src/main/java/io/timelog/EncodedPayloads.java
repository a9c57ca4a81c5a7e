package io.timelog;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/** Payloads are what a codec makes of values. */
final class EncodedPayloads<V> extends Payloads<V> {
  private static final ReadPin NOTHING_TO_HOLD = () -> {};

  private final Codec<V> codec;
  private final DropReport<V> report;

  EncodedPayloads(Codec<V> codec, DropReport<V> report) {
    this.codec = codec;
    this.report = report;
  }

  @Override
  void stage(V value, StagedPayloads staged) {
    int size = codec.size(value);
    if (size < 0) {
      throw new IllegalArgumentException(
          "The codec announced a negative size: size=" + size + ", codec=" + codecName());
    }
    ByteBuffer target = staged.open(size);
    try {
      codec.write(value, target);
    } catch (BufferOverflowException overflow) {
      throw new IllegalArgumentException(
          "The codec wrote more bytes than it announced: size=" + size + ", codec=" + codecName(),
          overflow);
    }
    if (!staged.commit(size)) {
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
  void discard(StagedPayloads staged) {
    // Encoded values hold nothing.
  }

  @Override
  ValueReader<V> reader() {
    return new Decoder<>(codec);
  }

  @Override
  ReadPin pin() {
    return NOTHING_TO_HOLD;
  }

  @Override
  void dropped(long timestamp, ByteBuffer payload, int offset, int length) {
    if (report.isWanted()) {
      report.accept(timestamp, () -> reader().read(payload, offset, length));
    }
  }

  @Override
  void reportSome() {
    // Drops are reported at once.
  }

  @Override
  void reportAll() {
    // Drops are reported at once.
  }

  @Override
  int retiredQueueLength() {
    return 0;
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
      view.limit(offset + length).position(offset);
      return codec.read(view);
    }
  }
}
