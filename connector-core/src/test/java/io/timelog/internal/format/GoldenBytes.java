package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a released format, as hexadecimal text under {@code src/test/resources/format}. From
 * a number sign to the end of a line is a comment. A golden file is never edited: what it holds has
 * been written by somebody and must be read for ever.
 */
public final class GoldenBytes {
  private GoldenBytes() {}

  /** The bytes of a golden file, such as {@code v1/page.hex}. */
  public static byte[] read(String file) {
    try (InputStream in = GoldenBytes.class.getResourceAsStream("/format/" + file)) {
      assertThat(in).as(file).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Several inputs in one file, one a line. */
  public static List<byte[]> lines(String file) {
    try (InputStream in = GoldenBytes.class.getResourceAsStream("/format/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(HexFormat.of()::parseHex)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a golden file in a little-endian buffer. */
  public static ByteBuffer buffer(String file) {
    return ByteBuffer.wrap(read(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Demands that the bytes from 0 to the limit of the buffer are those of the golden file. */
  public static void assertGolden(String file, ByteBuffer actual) {
    byte[] bytes = new byte[actual.limit()];
    actual.get(0, bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .as(file)
        .isEqualTo(HexFormat.of().formatHex(read(file)));
  }
}
