/**
 * The departures of the last two days, asked for over HTTP: an event-log store of Timelog in a
 * processor of Kafka Streams, and interactive queries. {@link
 * io.timelog.examples.flights.board.DepartureBoard} is the command.
 *
 * <p>Read next: {@code DepartureBoardTopology}, which has the processor that writes the store;
 * {@code BoardServer}, which asks it; {@code board.html} among the resources, which people look at.
 */
@NullMarked
package io.timelog.examples.flights.board;

import org.jspecify.annotations.NullMarked;
