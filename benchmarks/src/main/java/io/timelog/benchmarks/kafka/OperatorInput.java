package io.timelog.benchmarks.kafka;

/**
 * What goes through an operator.
 *
 * @param operator which one
 * @param records how many, spread over ten minutes of event time
 * @param keys different keys, drawn at random
 * @param patienceMillis after which it is over before the last record
 */
public record OperatorInput(OperatorKind operator, int records, int keys, int patienceMillis) {}
