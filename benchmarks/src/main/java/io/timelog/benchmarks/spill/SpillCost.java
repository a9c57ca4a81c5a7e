package io.timelog.benchmarks.spill;

import io.timelog.benchmarks.workload.FileWrites;

/**
 * What one engine cost in one round. What is per write has evictions in it, and what other threads
 * do meanwhile.
 *
 * @param engine its id
 * @param input what was done
 * @param writes how many were weighed
 * @param seconds they took, by the clock
 * @param writerNanos CPU of the writing thread per write
 * @param processNanos CPU of all threads per write, without making the input
 * @param written by this process while it was weighed
 * @param longScans of all that is retained of a key
 * @param shortScans of a part of it
 * @param fileBytes length of all files in the end
 * @param checksum of all scans, which is the same for all engines
 */
public record SpillCost(
    String engine,
    SpillInput input,
    long writes,
    double seconds,
    double writerNanos,
    double processNanos,
    FileWrites written,
    ScanCost longScans,
    ScanCost shortScans,
    long fileBytes,
    long checksum) {
  /** Writes that were made in a second. */
  public double writesPerSecond() {
    return writes / seconds;
  }

  /** Bytes handed to the operating system for a byte of keys and values. */
  public double writtenPerByte() {
    return (double) written.handedOverBytes() / (writes * input.entryBytes());
  }
}
