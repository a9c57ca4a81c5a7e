package io.timelog.examples.flights.run;

/** With what the process of a command ends, beside the 2 of a wrong option. */
public final class ExitCode {
  /** The run agrees with a plain computation over the same file. */
  public static final int OK = 0;

  /** It does not, or failed. */
  public static final int FAILED = 1;

  /** It was stopped by Ctrl-C. */
  public static final int STOPPED = 130;

  private ExitCode() {}
}
