package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest front to back. A count or length is compared with what is left before anything
 * is made for it. Reading beyond the end is a {@link java.nio.BufferUnderflowException}.
 */
final class ManifestReader {
  private final ByteBuffer bytes;
  private final String name;

  ManifestReader(ByteBuffer bytes, String name) {
    this.bytes = bytes;
    this.name = name;
  }

  long int64() {
    return bytes.getLong();
  }

  int int32() {
    return bytes.getInt();
  }

  int int8() {
    return bytes.get();
  }

  UUID id() {
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  String string() {
    byte[] encoded = new byte[count(1)];
    bytes.get(encoded);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  /** As many bytes as the number before them says; null if that is -1. */
  byte @Nullable [] bytesOrNull() {
    if (bytes.getInt(bytes.position()) == -1) {
      bytes.getInt();
      return null;
    }
    byte[] copy = new byte[count(1)];
    bytes.get(copy);
    return copy;
  }

  /** As many elements as the count before them says, each of which has at least so many bytes. */
  <T> List<T> list(int minBytes, Supplier<T> element) {
    int count = count(minBytes);
    List<T> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(element.get());
    }
    return elements;
  }

  private int count(int minBytes) {
    int count = bytes.getInt();
    require(
        count >= 0 && count <= bytes.remaining() / minBytes,
        "Count in a manifest is out of bounds: count=" + count);
    return count;
  }

  void requireEnd() {
    require(!bytes.hasRemaining(), "Manifest has more bytes than it describes");
  }

  void require(boolean holds, String problem) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, name, bytes.position());
    }
  }
}
