/**
 * A week of real flights: the file, a {@link io.timelog.examples.flights.data.Flight}, and how one
 * is written to a topic. It knows no job.
 */
@NullMarked
package io.timelog.examples.flights.data;

import org.jspecify.annotations.NullMarked;
