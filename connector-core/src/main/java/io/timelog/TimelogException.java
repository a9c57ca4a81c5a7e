package io.timelog;

import org.jspecify.annotations.Nullable;

/**
 * The root of what a store reports about itself. Misuse by the caller is told by {@link
 * IllegalArgumentException} and {@link IllegalStateException} instead.
 */
public class TimelogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public TimelogException(String message) {
    super(message);
  }

  /** With a message for people and the failure below it. */
  public TimelogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
