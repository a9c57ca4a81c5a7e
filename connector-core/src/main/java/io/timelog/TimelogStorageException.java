package io.timelog;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The file system refused something that a store in a directory needs: no space is left, nobody may
 * write there, the medium fails. What was committed before is as it was; the message says what to
 * do.
 */
public final class TimelogStorageException extends TimelogException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final String operation;

  /**
   * A refusal.
   *
   * @param problem what did not succeed because of it, and what to do
   * @param path the file, or the directory of the store
   * @param operation what was to be done to it, as a verb
   */
  public TimelogStorageException(String problem, Path path, String operation, IOException cause) {
    super(problem + ": path=" + path + ", operation=" + operation + ", reason=" + cause, cause);
    this.path = path;
    this.operation = operation;
  }

  /** The file, or the directory of the store. */
  public Path path() {
    return path;
  }

  /** What was to be done to it, as a verb: {@code create}, {@code write}, {@code sync}. */
  public String operation() {
    return operation;
  }
}
