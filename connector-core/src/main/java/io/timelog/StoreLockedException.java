package io.timelog;

import java.nio.file.Path;

/**
 * Another store has the directory, in this process or in another one. Close that store, or end its
 * process, and open the directory again; never delete the file {@code LOCK}.
 */
public final class StoreLockedException extends TimelogException {
  private static final long serialVersionUID = 1L;

  private final String holder;

  /**
   * The directory is in use.
   *
   * @param holder what the other store said of itself
   */
  public StoreLockedException(Path directory, String holder, Throwable cause) {
    super(
        "The directory is in use by another store, close that one first: directory="
            + directory
            + ", holder="
            + holder,
        cause);
    this.holder = holder;
  }

  /** Who has the directory: process, host as far as it is known, start of the process, store. */
  public String holder() {
    return holder;
  }
}
