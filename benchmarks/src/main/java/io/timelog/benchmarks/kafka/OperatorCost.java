package io.timelog.benchmarks.kafka;

/**
 * What an operator cost on one kind of stores in one round.
 *
 * @param stores name of the kind of stores
 * @param cpuNanos CPU time of the thread that processes, per record
 * @param results records that came out; all kinds of stores must agree
 * @param bytes that the state takes in the end: live heap and direct buffers, or, for RocksDB, live
 *     heap, growth of the resident process, and files
 */
public record OperatorCost(
    String stores, String operator, int keys, double cpuNanos, long results, long bytes) {}
