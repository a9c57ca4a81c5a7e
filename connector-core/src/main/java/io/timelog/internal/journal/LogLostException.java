package io.timelog.internal.journal;

import java.io.IOException;

/**
 * The log cannot go on: what a file had that was not durable when it failed cannot be read from it
 * any more. All of it is still in memory or in segments; {@link StoreLog#startAnew} says what is to
 * be done.
 */
public final class LogLostException extends IOException {
  private static final long serialVersionUID = 1L;

  LogLostException(String file, long offset) {
    super(
        "The log cannot go on, a file that failed does not have what was written to it:"
            + " source="
            + file
            + "@"
            + offset);
  }
}
