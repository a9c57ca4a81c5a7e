package io.timelog.internal.read;

/**
 * The range of time that a reader asks a partition window for.
 *
 * @param first the first timestamp
 * @param last the last timestamp, included; before {@code first} if there is none
 */
public record TimeSpan(long first, long last) {}
