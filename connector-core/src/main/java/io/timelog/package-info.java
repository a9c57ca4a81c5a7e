/**
 * The public API of Timelog, an embedded, log-structured, time-indexed multimap.
 *
 * <p>Start with one of three doors:
 *
 * <table>
 *   <caption>What holds entries</caption>
 *   <tr><th>Type</th><th>An entry is</th><th>For</th></tr>
 *   <tr><td>{@link io.timelog.Timelog}</td><td>timestamp, value</td>
 *       <td>one log of values of any type, in time order</td></tr>
 *   <tr><td>{@link io.timelog.Table} of a {@link io.timelog.TimelogStore}</td>
 *       <td>key, timestamp, in a map a subkey, value: all bytes</td>
 *       <td>the state of a stream processor: many tables, one budget, nothing allocated</td></tr>
 *   <tr><td>{@link io.timelog.TableWriter}</td><td>the same, in parts of arrays</td>
 *       <td>the writer of a host that calls the engine for every record</td></tr>
 *   <tr><td>{@link io.timelog.TypedTable}, {@link io.timelog.TypedMap}</td>
 *       <td>the same in types of Java</td><td>applications that embed a store</td></tr>
 * </table>
 *
 * <p>Ranges of time are half-open, {@code [start, end)}, and always a {@link io.timelog.TimeRange}.
 * What is read in a loop is an {@link io.timelog.EntryRange}. A store has one writer at a time and
 * any number of readers; readers see snapshots and never hold the writer up. Nothing here reads the
 * wall clock.
 */
@NullMarked
package io.timelog;

import org.jspecify.annotations.NullMarked;
