/**
 * Real flights as events: they arrive when they departed and carry the time at which they should
 * have. {@link io.timelog.benchmarks.flights.Flights} reads them and can put them in order, {@link
 * io.timelog.benchmarks.flights.FlightsRun} feeds either order to an engine.
 */
@NullMarked
package io.timelog.benchmarks.flights;

import org.jspecify.annotations.NullMarked;
