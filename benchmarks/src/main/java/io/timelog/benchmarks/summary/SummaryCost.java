package io.timelog.benchmarks.summary;

/**
 * What aggregates cost by one method. Times are CPU of the calling thread, means.
 *
 * @param method its id
 * @param entries of the key
 * @param appendNanos of an append; a twentieth of them are late
 * @param firstNanos of the first range, which is the newer half of the entries
 * @param rangeNanos of a range of half of the entries, somewhere
 * @param rollingNanos of an append, a delete of what is oldest, and the newer half of the entries
 * @param bytesPerEntry memory in the end; negative if nobody knows
 * @param checksum of all that was answered; equal for all methods
 */
public record SummaryCost(
    String method,
    long entries,
    double appendNanos,
    double firstNanos,
    double rangeNanos,
    double rollingNanos,
    double bytesPerEntry,
    long checksum) {}
