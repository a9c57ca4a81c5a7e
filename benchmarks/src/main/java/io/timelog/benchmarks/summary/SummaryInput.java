package io.timelog.benchmarks.summary;

/**
 * What to run.
 *
 * @param entries of the key
 * @param ranges how many ranges are asked for, and how many steps a rolling one takes
 */
public record SummaryInput(long entries, long ranges) {
  /** So many entries are looked at, about, by who looks at all for each range. */
  private static final long LOOKS = 20_000_000;

  private static final long LEAST_RANGES = 20;
  private static final long MOST_RANGES = 10_000;

  /** As many ranges as the slowest method can answer in some seconds. */
  public static SummaryInput of(long entries) {
    return new SummaryInput(
        entries, Math.max(LEAST_RANGES, Math.min(MOST_RANGES, LOOKS / entries)));
  }
}
