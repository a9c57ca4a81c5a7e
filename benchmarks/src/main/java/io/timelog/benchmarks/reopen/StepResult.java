package io.timelog.benchmarks.reopen;

/**
 * What one step took, and what it found or left; by the clock on the wall.
 *
 * @param nanos of the step itself: until the state was open, or the export was written
 * @param readNanos of the first read after it, of all entries of one key
 * @param entries of those that were committed which are there
 * @param checksum of these
 * @param uncommitted entries that were never committed and are there all the same
 * @param fileBytes length of all files in the directory when the step was over
 */
public record StepResult(
    double nanos, double readNanos, long entries, long checksum, long uncommitted, long fileBytes) {
  /** Until the first read was answered. */
  double answeredNanos() {
    return nanos + readNanos;
  }
}
