package io.timelog.benchmarks.commit;

import io.timelog.benchmarks.workload.FileWrites;
import io.timelog.benchmarks.workload.Percentiles;

/**
 * What one kind of state cost in one round. What is per write has commits and evictions in it.
 *
 * @param kind its id
 * @param input what was done
 * @param writes how many were made while it was weighed
 * @param seconds that took, by the clock
 * @param writerNanos CPU of the writing thread per write
 * @param processNanos CPU of all threads per write, without making the input
 * @param commitNanos CPU of the writing thread per commit
 * @param commit latency of commits of all stores
 * @param written by this process
 * @param committedBytes of keys and values that were written
 */
public record CommitCost(
    String kind,
    CommitInput input,
    long writes,
    double seconds,
    double writerNanos,
    double processNanos,
    double commitNanos,
    Percentiles commit,
    FileWrites written,
    long committedBytes) {
  /** Writes that were made in a second. */
  public double writesPerSecond() {
    return writes / seconds;
  }

  /** Bytes handed to the operating system for a byte of keys and values. */
  public double writtenPerByte() {
    return (double) written.handedOverBytes() / committedBytes;
  }

  /** Bytes that go to the device for a byte of keys and values. */
  public double storedPerByte() {
    return (double) written.deviceBytes() / committedBytes;
  }
}
