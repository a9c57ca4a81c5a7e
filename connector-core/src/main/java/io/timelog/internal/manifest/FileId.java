package io.timelog.internal.manifest;

import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What names the file of a segment: the store that wrote it and a number that this store used once.
 * Files of equal name have equal bytes, in whichever store they lie.
 *
 * @param store the store that wrote the file, as long as it was open once; random, so that what a
 *     crash has made a store forget does not come back for other bytes
 * @param number its number there
 */
public record FileId(UUID store, long number) {
  private static final int STORE_DIGITS = 32;
  private static final int NUMBER_DIGITS = 16;
  private static final String SUFFIX = ".seg";
  private static final HexFormat HEX = HexFormat.of();

  /** The name: {@code <store>-<number>.seg}, both as lower-case hexadecimal digits. */
  public String name() {
    return HEX.toHexDigits(store.getMostSignificantBits())
        + HEX.toHexDigits(store.getLeastSignificantBits())
        + "-"
        + HEX.toHexDigits(number)
        + SUFFIX;
  }

  /**
   * The file of this name.
   *
   * @throws IllegalArgumentException if it is not the name of a segment
   */
  public static FileId of(String name) {
    FileId id = parse(name);
    if (id == null) {
      throw new IllegalArgumentException("This is not the name of a segment: name=" + name);
    }
    return id;
  }

  /** The file of this name; null if it is not the name of a segment. */
  public static @Nullable FileId parse(String name) {
    int numberAt = STORE_DIGITS + 1;
    if (name.length() != numberAt + NUMBER_DIGITS + SUFFIX.length()) {
      return null;
    }
    try {
      int half = STORE_DIGITS / 2;
      UUID store =
          new UUID(
              HexFormat.fromHexDigitsToLong(name, 0, half),
              HexFormat.fromHexDigitsToLong(name, half, STORE_DIGITS));
      FileId id =
          new FileId(
              store, HexFormat.fromHexDigitsToLong(name, numberAt, numberAt + NUMBER_DIGITS));
      return id.name().equals(name) ? id : null;
    } catch (NumberFormatException notHexadecimal) {
      return null;
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
