package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The bytes of every codec, which never change. */
final class CodecsTest {
  @Test
  void bytes_areThemselves() {
    assertThat(encode(Codecs.bytes(), new byte[] {1, 2, -1})).isEqualTo("0102ff");
    assertThat(encode(Codecs.bytes(), new byte[0])).isEmpty();
    assertThat(decode(Codecs.bytes(), "0102ff")).containsExactly(1, 2, -1);
  }

  @Test
  void longs_areEightBytesBigEndian() {
    assertThat(encode(Codecs.longs(), 0x0102030405060708L)).isEqualTo("0102030405060708");
    assertThat(encode(Codecs.longs(), -2L)).isEqualTo("fffffffffffffffe");
    assertThat(decode(Codecs.longs(), "fffffffffffffffe")).isEqualTo(-2L);
  }

  @Test
  void ints_areFourBytesBigEndian() {
    assertThat(encode(Codecs.ints(), 0x01020304)).isEqualTo("01020304");
    assertThat(decode(Codecs.ints(), "fffffffe")).isEqualTo(-2);
  }

  @Test
  void doubles_areTheirIeeeBits() {
    assertThat(encode(Codecs.doubles(), 1.0)).isEqualTo("3ff0000000000000");
    assertThat(encode(Codecs.doubles(), -0.0)).isEqualTo("8000000000000000");
    assertThat(decode(Codecs.doubles(), "3ff0000000000000")).isEqualTo(1.0);
  }

  @Test
  void doubles_keepTheBitsOfEveryNan() {
    double signalling = decode(Codecs.doubles(), "7ff8000000000abc");

    assertThat(encode(Codecs.doubles(), signalling)).isEqualTo("7ff8000000000abc");
  }

  @Test
  void booleans_areOneByte() {
    assertThat(encode(Codecs.booleans(), false)).isEqualTo("00");
    assertThat(encode(Codecs.booleans(), true)).isEqualTo("01");
    assertThat(decode(Codecs.booleans(), "01")).isTrue();
    assertThat(decode(Codecs.booleans(), "00")).isFalse();
  }

  @Test
  void booleans_refuseOtherBytes() {
    assertThatThrownBy(() -> decode(Codecs.booleans(), "02"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The byte is not a boolean: byte=2");
  }

  @Test
  void uuids_areSixteenBytesAsTheyAreWritten() {
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    assertThat(encode(Codecs.uuids(), uuid)).isEqualTo("00112233445566778899aabbccddeeff");
    assertThat(decode(Codecs.uuids(), "00112233445566778899aabbccddeeff")).isEqualTo(uuid);
  }

  @Nested
  final class Utf8 {
    @Test
    void encodesOneToFourBytesPerCodePoint() {
      assertThat(encode(Codecs.utf8(), "A")).isEqualTo("41");
      assertThat(encode(Codecs.utf8(), "\u00e9")).isEqualTo("c3a9");
      assertThat(encode(Codecs.utf8(), "\u20ac")).isEqualTo("e282ac");
      assertThat(encode(Codecs.utf8(), "\ud83d\ude00")).isEqualTo("f09f9880");
      assertThat(encode(Codecs.utf8(), "")).isEmpty();
    }

    @Test
    void agreesWithTheJdkOnEveryCodePoint() {
      for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
        if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
          String text = Character.toString(point);
          String expected = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
          if (!encode(Codecs.utf8(), text).equals(expected)
              || !decode(Codecs.utf8(), expected).equals(text)) {
            throw new AssertionError("code point " + Integer.toHexString(point));
          }
        }
      }
    }

    @Test
    void halfOfASurrogatePair_isRefusedWithItsPlace() {
      assertThatThrownBy(() -> Codecs.utf8().size("ab\ud83d"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "The string has half of a surrogate pair and no UTF-8 form: index=2, char=0xd83d");
      assertThatThrownBy(() -> Codecs.utf8().size("\ude00\ud83d"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "The string has half of a surrogate pair and no UTF-8 form: index=0, char=0xde00");
    }
  }

  @Nested
  final class Serialized {
    private final AtomicInteger serializations = new AtomicInteger();
    private final Codec<String> codec =
        Codecs.serialized(
            text -> {
              serializations.incrementAndGet();
              return text.getBytes(StandardCharsets.US_ASCII);
            },
            bytes -> new String(bytes, StandardCharsets.US_ASCII));

    @Test
    void bytesAreThoseOfTheSerializer() {
      assertThat(encode(codec, "AB")).isEqualTo("4142");
      assertThat(decode(codec, "4142")).isEqualTo("AB");
    }

    @Test
    void aValueIsSerializedOnce() {
      encode(codec, "AB");

      assertThat(serializations).hasValue(1);
    }

    @Test
    void aValueOfAnotherLogInBetween_isNotMistaken() {
      ByteBuffer target = ByteBuffer.allocate(codec.size("AB"));
      codec.size("C");
      codec.write("AB", target);

      assertThat(target.array()).containsExactly('A', 'B');
    }

    @Test
    void nullFromTheSerializerOrDeserializer_isRefused() {
      Codec<String> broken = Codecs.serialized(text -> null, bytes -> null);

      assertThatThrownBy(() -> broken.size("A"))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("The serializer returned null");
      assertThatThrownBy(() -> decode(broken, "41"))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("The deserializer returned null");
    }
  }

  private static <V> String encode(Codec<V> codec, V value) {
    ByteBuffer target = ByteBuffer.allocate(codec.size(value));
    codec.write(value, target);
    assertThat(target.hasRemaining()).as("bytes announced and not written").isFalse();
    return HexFormat.of().formatHex(target.array());
  }

  private static <V> V decode(Codec<V> codec, String hex) {
    return codec.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)).asReadOnlyBuffer());
  }
}
