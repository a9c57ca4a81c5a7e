package io.timelog;

/**
 * A promise that the engine makes to itself was broken: a defect in Timelog, not in its caller.
 * Please report it with the message.
 */
public final class TimelogInternalException extends TimelogException {
  private static final long serialVersionUID = 1L;

  /** With what was found. */
  public TimelogInternalException(String message) {
    super(message);
  }

  /** With what was found and the failure below it. */
  public TimelogInternalException(String message, Throwable cause) {
    super(message, cause);
  }
}
