package io.timelog.kafka.internal.host;

import java.util.Objects;

/**
 * What the name of a store may be: whatever {@code Stores} of Kafka Streams accepts, unless it
 * could not be the name of a directory. A store with a changelog also needs a name that can be part
 * of the name of a topic, which Kafka Streams says where it makes the topic.
 */
public final class StoreName {
  /** The longest name of a topic, and so of a store. */
  public static final int MAX_LENGTH = 249;

  private StoreName() {}

  /**
   * Returns the name.
   *
   * @throws IllegalArgumentException if it is empty, longer than {@link #MAX_LENGTH}, {@code .} or
   *     {@code ..}, or has a slash, a backslash or a NUL in it
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
    if (name.equals(".") || name.equals("..") || name.chars().anyMatch(StoreName::isOfPaths)) {
      throw new IllegalArgumentException(
          "The name of a store must not be a path, and have no '/', '\\' or NUL: store=" + name);
    }
    return name;
  }

  private static boolean isOfPaths(int character) {
    return character == '/' || character == '\\' || character == 0;
  }
}
