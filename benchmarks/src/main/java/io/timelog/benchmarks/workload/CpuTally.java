package io.timelog.benchmarks.workload;

/** Adds up the thread CPU time of stretches of work, less what reading the clock costs. */
public final class CpuTally {
  private final long overheadNanos;
  private long nanos;
  private long operations;

  /** A tally that subtracts {@code overheadNanos} from each stretch. */
  public CpuTally(long overheadNanos) {
    this.overheadNanos = overheadNanos;
  }

  /** Adds a stretch that began when {@link CpuClock#threadNanos()} was {@code startNanos}. */
  public void addSince(long startNanos, int operationsInStretch) {
    nanos += Math.max(0, CpuClock.threadNanos() - startNanos - overheadNanos);
    operations += operationsInStretch;
  }

  /** The sum of all stretches. */
  public long nanos() {
    return nanos;
  }

  /** Mean per operation; zero if there was none. */
  public double nanosPerOperation() {
    return operations == 0 ? 0 : (double) nanos / operations;
  }
}
