package io.timelog.internal.storage.disk;

import java.io.IOException;

/** A disk has refused something, and says which file that was about and what was to be done. */
public final class DiskException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String operation;
  private final IOException reason;

  /**
   * A refusal.
   *
   * @param file the name of the file; empty if it was about the directory
   * @param operation what was to be done, as a verb
   */
  public DiskException(String file, String operation, IOException cause) {
    super(cause.toString(), cause);
    this.file = file;
    this.operation = operation;
    this.reason = cause;
  }

  /** The name of the file; empty if it was about the directory. */
  public String file() {
    return file;
  }

  /** What was to be done, as a verb. */
  public String operation() {
    return operation;
  }

  /** Why it was refused. */
  public IOException reason() {
    return reason;
  }
}
