package io.timelog.benchmarks.picture;

/**
 * One figure.
 *
 * @param subject of whom, in plain text; the same in every panel
 * @param nanos the duration, more than 0
 */
public record Dot(String subject, Group group, double nanos) {}
