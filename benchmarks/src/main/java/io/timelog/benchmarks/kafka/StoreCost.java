package io.timelog.benchmarks.kafka;

/**
 * What one operation of one store cost in one round.
 *
 * @param store name of the store
 * @param operation what was done
 * @param cpuNanos CPU time of the calling thread per operation
 * @param rowsPerOperation rows that an operation gave on average; all stores must agree
 */
public record StoreCost(String store, String operation, double cpuNanos, double rowsPerOperation) {}
