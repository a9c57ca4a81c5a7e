/**
 * Reads: how the sources of a view become one sequence of entries.
 *
 * <p>{@code WindowRows} merges the rows of one key in one partition window, newer sources over
 * older ones, deletes applied. On it stand three scans, one per order: {@link
 * io.timelog.internal.read.KeyScan} (one key, by time), {@link
 * io.timelog.internal.read.KeyOrderScan} (by partition window and key) and {@link
 * io.timelog.internal.read.TimeOrderScan} (all keys, by time). Two more readers look at sources one
 * by one: {@link io.timelog.internal.read.KeyCount} counts, and {@link
 * io.timelog.internal.read.PageSlices} hands out pages in place.
 *
 * <p>A scan holds a {@link io.timelog.internal.read.ReadLease} on the view it reads, and lets go of
 * it when it is closed or exhausted.
 */
@NullMarked
package io.timelog.internal.read;

import org.jspecify.annotations.NullMarked;
