package io.timelog.benchmarks.report;

/**
 * A command says something that there is not, or that cannot be understood. Its message is all that
 * whoever wrote the command needs.
 */
public final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, and if possible what would not be. */
  public UsageException(String message) {
    super(message);
  }

  /** As the other, of what was tried in vain. */
  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
