package io.timelog.benchmarks.kafka;

/**
 * What is put into each store.
 *
 * @param rows put, spread evenly over an hour of event time
 * @param keys different keys, drawn at random
 * @param patienceMillis how long an operation is repeated at most, as some take long in some stores
 */
public record StoreInput(int rows, int keys, int patienceMillis) {}
