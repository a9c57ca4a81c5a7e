package io.timelog.benchmarks.kafka;

/**
 * What goes through an operator.
 *
 * @param operator which one
 * @param records how many, spread over ten minutes of event time
 * @param keys different keys, drawn at random
 */
public record OperatorInput(OperatorKind operator, int records, int keys) {}
