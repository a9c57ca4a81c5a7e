package io.timelog.benchmarks.kafka;

/**
 * What an operator cost on one kind of stores in one round.
 *
 * @param stores name of the kind of stores
 * @param records that went in before patience was over
 * @param cpuNanos CPU time of the thread that processes, per record
 * @param results records that came out; all kinds of stores must agree
 * @param bytes that the state takes in the end: live heap and direct buffers; for RocksDB live
 *     heap, files, and what it says that it holds in memory
 */
public record OperatorCost(
    String stores,
    String operator,
    int keys,
    int records,
    double cpuNanos,
    long results,
    long bytes) {}
