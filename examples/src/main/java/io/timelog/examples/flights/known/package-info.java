/**
 * What was known at each airport when a flight was to leave: the last delay that was seen there,
 * and the mean of the half hour before. A job of three operators, without a broker.
 *
 * <p>It is run by {@link io.timelog.examples.flights.known.KnownDelays} on a cluster of its own.
 *
 * <p>Read next: {@link io.timelog.examples.flights.known.KnownDelaysJob}, the job, with a rolling
 * aggregate and an as-of join of {@code TimelogStreams}; {@link
 * io.timelog.examples.flights.known.PlainKnownDelays}, the same in loops.
 */
@NullMarked
package io.timelog.examples.flights.known;

import org.jspecify.annotations.NullMarked;
