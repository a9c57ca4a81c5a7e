/**
 * The public API of Timelog, an embedded, log-structured, time-indexed multimap.
 *
 * <p>Start with one of two doors:
 *
 * <ul>
 *   <li>{@link io.timelog.Timelog}: one log of values of any type, in time order.
 *   <li>{@link io.timelog.TimelogStore}: named {@linkplain io.timelog.Table tables} of bytes keyed
 *       by bytes, under one memory budget; what stream processors stand on.
 * </ul>
 *
 * <p>Ranges of time are half-open, {@code [start, end)}, and always a {@link io.timelog.TimeRange}.
 * A store has one writer at a time and any number of readers; readers see snapshots and never hold
 * the writer up. Nothing here reads the wall clock.
 */
@NullMarked
package io.timelog;

import org.jspecify.annotations.NullMarked;
