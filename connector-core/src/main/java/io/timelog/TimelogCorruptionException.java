package io.timelog;

/**
 * Stored bytes are not what was written. Nothing of them was returned as data. Restore the store
 * from its source (changelog, checkpoint, backup); do not go on with it.
 */
public final class TimelogCorruptionException extends TimelogException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String file;
  private final long offset;

  /** With what was found at {@code offset} of {@code file}. */
  public TimelogCorruptionException(String problem, String file, long offset) {
    super(problem + ", source=" + file + "@" + offset);
    this.problem = problem;
    this.file = file;
    this.offset = offset;
  }

  /** What was found, without the place. */
  public String problem() {
    return problem;
  }

  /** The file, or the name of the segment in memory. */
  public String file() {
    return file;
  }

  /** Where the damage was found, in bytes from the start of the file. */
  public long offset() {
    return offset;
  }
}
