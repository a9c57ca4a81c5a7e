package io.timelog.internal.compression;

import io.timelog.PageCodec;
import io.timelog.TimelogException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The codecs that a store was given: one by which it compresses, if any, and all by name. */
public final class PageCodecs {
  /** Of a store that compresses nothing and was given none. */
  public static final PageCodecs NONE = new PageCodecs(null, List.of());

  /** The longest name of a codec. */
  static final int MAX_NAME_LENGTH = 64;

  private final @Nullable PageCodec writing;
  private final Map<String, PageCodec> byName = new TreeMap<>();

  /**
   * Codecs with {@linkplain #requireName names} as they must be. Of several with one name the first
   * counts.
   *
   * @param writing compresses what is written; null if nothing is
   * @param others decompress, too
   */
  public PageCodecs(@Nullable PageCodec writing, List<PageCodec> others) {
    this.writing = writing;
    if (writing != null) {
      byName.put(writing.name(), writing);
    }
    others.forEach(codec -> byName.putIfAbsent(codec.name(), codec));
  }

  /**
   * Demands that a codec can be called so in a file.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public static void requireName(String name) {
    if (name.isEmpty()
        || name.length() > MAX_NAME_LENGTH
        || !name.chars().allMatch(PageCodecs::isOfNames)) {
      throw new IllegalArgumentException(
          "The name of a codec must have 1 to "
              + MAX_NAME_LENGTH
              + " letters, digits, hyphens, underscores and dots: name="
              + name);
    }
  }

  private static boolean isOfNames(int character) {
    return ('a' <= character && character <= 'z')
        || ('A' <= character && character <= 'Z')
        || ('0' <= character && character <= '9')
        || character == '-'
        || character == '_'
        || character == '.';
  }

  /** The codec by which segments are compressed; null if they are stored as they are. */
  public @Nullable PageCodec writing() {
    return writing;
  }

  /**
   * The codec of this name.
   *
   * @param source what messages call the place where the name was found
   * @throws TimelogException if the store was not given it
   */
  PageCodec named(String name, String source) {
    PageCodec codec = byName.get(name);
    if (codec == null) {
      throw new TimelogException(
          "Pages are compressed by a codec that was not given; give it to compression or"
              + " decompression of the builder, or to the verification: codec="
              + name
              + ", given="
              + byName.keySet()
              + ", source="
              + source);
    }
    return codec;
  }

  @Override
  public String toString() {
    return "PageCodecs[writing="
        + (writing == null ? "none" : writing.name())
        + ", given="
        + byName.keySet()
        + "]";
  }
}
