/**
 * Reads: how the sources of a view become one sequence of entries.
 *
 * <p>{@code RowMerge} merges the rows that the sources of one partition window have of one key,
 * newer sources over older ones, deletes applied; {@link io.timelog.internal.read.KeyMerge} does it
 * for key after key. On these stand the scans, one per order, each in both directions: {@link
 * io.timelog.internal.read.KeyScan} (one key, by time), {@link
 * io.timelog.internal.read.KeyOrderScan} (by partition window and key), {@link
 * io.timelog.internal.read.KeyMajorScan} (by key across partition windows; entries, or each key
 * once) and {@link io.timelog.internal.read.TimeOrderScan} (all keys, by time).
 *
 * <p>Other readers look at sources one by one: {@link io.timelog.internal.read.PointRead} finds one
 * entry, {@link io.timelog.internal.read.TimeBounds} the smallest and the largest timestamp, {@link
 * io.timelog.internal.read.KeyCount} counts, and {@link io.timelog.internal.read.PageSlices} gives
 * pages in place.
 *
 * <p>A scan holds a {@link io.timelog.internal.read.ReadLease} on the view it reads, and closes it
 * when it is closed or exhausted.
 */
@NullMarked
package io.timelog.internal.read;

import org.jspecify.annotations.NullMarked;
