package io.timelog.internal.directory;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file of a store: what it is, and a number that no other file of its store has or
 * had. Manifests have numbers of their own.
 *
 * @param kind what the file is
 * @param number the number, not negative
 */
public record StoreFile(Kind kind, long number) {
  private static final int DIGITS = 16;

  /** What a file is. */
  public enum Kind {
    /** The whole of what a store has, as of one commit. */
    MANIFEST("MANIFEST-", ""),
    /** A manifest that is not complete yet, and counts for nothing. */
    NEW_MANIFEST("MANIFEST-", ".tmp"),
    /** One or more segments. */
    SEGMENTS("", ".seg"),
    /** A part of the commit log. */
    LOG("", ".log");

    private final String prefix;
    private final String suffix;

    Kind(String prefix, String suffix) {
      this.prefix = prefix;
      this.suffix = suffix;
    }
  }

  /** The name: the number as 16 lower-case hexadecimal digits, with what tells the kind. */
  public String name() {
    return kind.prefix + HexFormat.of().toHexDigits(number) + kind.suffix;
  }

  /** The name of the file of a log that has this number. */
  public static String nameOfLog(long number) {
    return new StoreFile(Kind.LOG, number).name();
  }

  /** Whether it has something that a manifest names. */
  public boolean isContents() {
    return kind == Kind.SEGMENTS || kind == Kind.LOG;
  }

  /** The file of this name; null if it is not the name of a file of a store. */
  public static @Nullable StoreFile parse(String name) {
    for (Kind kind : Kind.values()) {
      int start = kind.prefix.length();
      int end = start + DIGITS;
      if (name.length() == end + kind.suffix.length()
          && name.startsWith(kind.prefix)
          && name.endsWith(kind.suffix)
          && name.chars().skip(start).limit(DIGITS).allMatch(StoreFile::isDigit)) {
        long number = HexFormat.fromHexDigitsToLong(name, start, end);
        return number < 0 ? null : new StoreFile(kind, number);
      }
    }
    return null;
  }

  private static boolean isDigit(int character) {
    return ('0' <= character && character <= '9') || ('a' <= character && character <= 'f');
  }
}
