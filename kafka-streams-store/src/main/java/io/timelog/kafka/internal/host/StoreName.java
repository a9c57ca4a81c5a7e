package io.timelog.kafka.internal.host;

import java.util.Objects;

/**
 * What the name of a store may be. It becomes part of the name of a topic and of a directory, so a
 * name that could not be both is refused where it is said and not where it fails.
 */
public final class StoreName {
  /** The longest name of a topic, and so of a store. */
  public static final int MAX_LENGTH = 249;

  private StoreName() {}

  /**
   * Returns the name.
   *
   * @throws IllegalArgumentException if it is empty, longer than {@link #MAX_LENGTH}, {@code .} or
   *     {@code ..}, or has other characters than ASCII letters and digits, '.', '_' and '-'
   */
  public static String checked(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The name of a store must have 1 to "
              + MAX_LENGTH
              + " characters: length="
              + name.length()
              + ", store="
              + (name.length() > MAX_LENGTH ? name.substring(0, 32) + "..." : name));
    }
    if (name.equals(".") || name.equals("..") || !name.chars().allMatch(StoreName::isLegal)) {
      throw new IllegalArgumentException(
          "The name of a store must be made of ASCII letters, digits, '.', '_' and '-', and not be"
              + " a path: store="
              + name);
    }
    return name;
  }

  private static boolean isLegal(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '.'
        || character == '_'
        || character == '-';
  }
}
