package io.timelog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Codecs for the common types. Each says its bytes, which never change; numbers are big-endian.
 *
 * <pre>
 *   codec         bytes
 *   bytes()       the array as it is
 *   utf8()        UTF-8, without length or terminator
 *   longs()       8, two's complement
 *   ints()        4, two's complement
 *   doubles()     8, IEEE 754 binary64; every NaN keeps its bits
 *   booleans()    1, 0 for false and 1 for true
 *   uuids()       16, most significant first, as in RFC 9562
 *   serialized()  what the serializer gives
 * </pre>
 */
public final class Codecs {
  private Codecs() {}

  /** Byte arrays as they are. The log copies the array when it is written and when it is read. */
  public static Codec<byte[]> bytes() {
    return BytesCodec.INSTANCE;
  }

  /**
   * Strings as UTF-8. A string with half of a surrogate pair has no UTF-8 form and is refused with
   * an {@link IllegalArgumentException}.
   */
  public static Codec<String> utf8() {
    return Utf8Codec.INSTANCE;
  }

  /** 64-bit integers: 8 bytes, big-endian. */
  public static Codec<Long> longs() {
    return LongCodec.INSTANCE;
  }

  /** 32-bit integers: 4 bytes, big-endian. */
  public static Codec<Integer> ints() {
    return IntCodec.INSTANCE;
  }

  /** Doubles: the 8 bytes of their IEEE 754 bits, big-endian. */
  public static Codec<Double> doubles() {
    return DoubleCodec.INSTANCE;
  }

  /** Booleans: one byte, 0 or 1. */
  public static Codec<Boolean> booleans() {
    return BooleanCodec.INSTANCE;
  }

  /** UUIDs: 16 bytes, most significant first. */
  public static Codec<UUID> uuids() {
    return UuidCodec.INSTANCE;
  }

  /**
   * Any type that already has a serializer and a deserializer, which must be thread-safe. Each
   * write and each read allocates the array between them; a codec of your own avoids that.
   */
  public static <V> Codec<V> serialized(
      Function<? super V, byte[]> serializer, Function<byte[], ? extends V> deserializer) {
    return new SerializedCodec<>(serializer, deserializer);
  }

  private static final class BytesCodec implements Codec<byte[]> {
    static final BytesCodec INSTANCE = new BytesCodec();

    @Override
    public int size(byte[] value) {
      return value.length;
    }

    @Override
    public void write(byte[] value, ByteBuffer target) {
      target.put(value);
    }

    @Override
    public byte[] read(ByteBuffer source) {
      byte[] value = new byte[source.remaining()];
      source.get(value);
      return value;
    }
  }

  /**
   * Encodes char by char, because {@code String.getBytes} allocates and replaces bad surrogates.
   */
  private static final class Utf8Codec implements Codec<String> {
    static final Utf8Codec INSTANCE = new Utf8Codec();

    @Override
    public int size(String value) {
      int chars = value.length();
      long size = 0;
      for (int i = 0; i < chars; i++) {
        char c = value.charAt(i);
        if (c < 0x80) {
          size++;
        } else if (c < 0x800) {
          size += 2;
        } else if (!Character.isSurrogate(c)) {
          size += 3;
        } else {
          size += 4;
          codePoint(value, i++);
        }
      }
      return Math.toIntExact(size);
    }

    @Override
    public void write(String value, ByteBuffer target) {
      int chars = value.length();
      for (int i = 0; i < chars; i++) {
        char c = value.charAt(i);
        if (c < 0x80) {
          target.put((byte) c);
        } else if (c < 0x800) {
          target.put((byte) (0xC0 | (c >> 6))).put(tail(c));
        } else if (!Character.isSurrogate(c)) {
          target.put((byte) (0xE0 | (c >> 12))).put(tail(c >> 6)).put(tail(c));
        } else {
          int point = codePoint(value, i++);
          target.put((byte) (0xF0 | (point >> 18))).put(tail(point >> 12));
          target.put(tail(point >> 6)).put(tail(point));
        }
      }
    }

    @Override
    public String read(ByteBuffer source) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte tail(int bits) {
      return (byte) (0x80 | (bits & 0x3F));
    }

    private static int codePoint(String value, int index) {
      int point = value.codePointAt(index);
      if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
        throw new IllegalArgumentException(
            "The string has half of a surrogate pair and no UTF-8 form: index="
                + index
                + ", char=0x"
                + Integer.toHexString(point));
      }
      return point;
    }
  }

  private static final class LongCodec implements Codec<Long> {
    static final LongCodec INSTANCE = new LongCodec();

    @Override
    public int size(Long value) {
      return Long.BYTES;
    }

    @Override
    public void write(Long value, ByteBuffer target) {
      target.putLong(value);
    }

    @Override
    public Long read(ByteBuffer source) {
      return source.getLong();
    }
  }

  private static final class IntCodec implements Codec<Integer> {
    static final IntCodec INSTANCE = new IntCodec();

    @Override
    public int size(Integer value) {
      return Integer.BYTES;
    }

    @Override
    public void write(Integer value, ByteBuffer target) {
      target.putInt(value);
    }

    @Override
    public Integer read(ByteBuffer source) {
      return source.getInt();
    }
  }

  private static final class DoubleCodec implements Codec<Double> {
    static final DoubleCodec INSTANCE = new DoubleCodec();

    @Override
    public int size(Double value) {
      return Double.BYTES;
    }

    @Override
    public void write(Double value, ByteBuffer target) {
      target.putLong(Double.doubleToRawLongBits(value));
    }

    @Override
    public Double read(ByteBuffer source) {
      return Double.longBitsToDouble(source.getLong());
    }
  }

  private static final class BooleanCodec implements Codec<Boolean> {
    static final BooleanCodec INSTANCE = new BooleanCodec();

    @Override
    public int size(Boolean value) {
      return 1;
    }

    @Override
    public void write(Boolean value, ByteBuffer target) {
      target.put((byte) (value ? 1 : 0));
    }

    @Override
    public Boolean read(ByteBuffer source) {
      byte bit = source.get();
      if ((bit & ~1) != 0) {
        throw new IllegalArgumentException("The byte is not a boolean: byte=" + bit);
      }
      return bit == 1;
    }
  }

  private static final class UuidCodec implements Codec<UUID> {
    static final UuidCodec INSTANCE = new UuidCodec();

    @Override
    public int size(UUID value) {
      return 2 * Long.BYTES;
    }

    @Override
    public void write(UUID value, ByteBuffer target) {
      target.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    @Override
    public UUID read(ByteBuffer source) {
      return new UUID(source.getLong(), source.getLong());
    }
  }

  /**
   * Hands the array that {@code size} had to make over to {@code write} in a slot, so that a value
   * is serialized once. When two logs that share the codec meet in the slot, the one that finds the
   * value of the other serializes again.
   */
  private static final class SerializedCodec<V> implements Codec<V> {
    private final Function<? super V, byte[]> serializer;
    private final Function<byte[], ? extends V> deserializer;
    private final AtomicReference<@Nullable Serialized> slot = new AtomicReference<>();

    private static final class Serialized {
      final Object value;
      final byte[] bytes;

      Serialized(Object value, byte[] bytes) {
        this.value = value;
        this.bytes = bytes;
      }
    }

    SerializedCodec(
        Function<? super V, byte[]> serializer, Function<byte[], ? extends V> deserializer) {
      this.serializer = Objects.requireNonNull(serializer, "serializer");
      this.deserializer = Objects.requireNonNull(deserializer, "deserializer");
    }

    @Override
    public int size(V value) {
      byte[] bytes = serialize(value);
      slot.set(new Serialized(value, bytes));
      return bytes.length;
    }

    @Override
    public void write(V value, ByteBuffer target) {
      Serialized last = slot.getAndSet(null);
      target.put(last != null && last.value == value ? last.bytes : serialize(value));
    }

    @Override
    public V read(ByteBuffer source) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      return Objects.requireNonNull(deserializer.apply(bytes), "The deserializer returned null");
    }

    private byte[] serialize(V value) {
      return Objects.requireNonNull(serializer.apply(value), "The serializer returned null");
    }
  }
}
