package io.timelog;

/**
 * Maintenance lags behind the writer: more sealed runs wait for a flush than {@code sealedMaxRuns}
 * allows. The write that met this <em>was accepted</em> and is visible; do not write it again. Slow
 * down, call {@code flush()}, or start background maintenance. Thrown only under {@link
 * BusyPolicy#RAISE}.
 */
public final class TimelogBusyException extends TimelogException {
  private static final long serialVersionUID = 1L;

  /** With {@code sealedRuns} waiting where {@code sealedMaxRuns} are allowed. */
  public TimelogBusyException(int sealedRuns, int sealedMaxRuns) {
    super(
        "The write was accepted, do not repeat it, but maintenance lags: sealedRuns="
            + sealedRuns
            + ", sealedMaxRuns="
            + sealedMaxRuns
            + ". Call flush(), start background maintenance, or write more slowly.");
  }
}
