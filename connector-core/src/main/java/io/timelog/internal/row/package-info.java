/**
 * What a reader sees of a source of entries, whether that is a window of the memtable or a segment:
 * {@link io.timelog.internal.row.RowSource} finds the rows of a key or walks its keys in order,
 * {@link io.timelog.internal.row.RowCursor} steps through the rows of one key in time order, {@link
 * io.timelog.internal.row.KeyCursor} steps through keys.
 *
 * <p>A <em>row</em> is an entry as a source stores it: timestamp, payload bytes, and whether it is
 * a tombstone. The layout of the payload is described in {@link io.timelog.internal.row.RowFormat}.
 */
@NullMarked
package io.timelog.internal.row;

import org.jspecify.annotations.NullMarked;
