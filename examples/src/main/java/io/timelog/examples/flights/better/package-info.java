/**
 * Which late flights had a punctual one of the same route beside them: a stream-stream join that
 * keeps both of its sides in Timelog window stores. {@link
 * io.timelog.examples.flights.better.BetterFlights} is the command.
 *
 * <p>Read next: {@code BetterFlightsTopology}, the join; {@code Rebooking}, what is late and what
 * is beside it; {@code BetterFlightsJob}, which has the same as two nested loops.
 */
@NullMarked
package io.timelog.examples.flights.better;

import org.jspecify.annotations.NullMarked;
