/**
 * The entries that deletes over all keys dropped, on their way to the listener that wants to know.
 *
 * <p>A delete makes a {@link io.timelog.internal.drop.Retirement}, which holds what the delete hid.
 * When no reader can see it any more it goes into the {@link io.timelog.internal.drop.DropQueue} of
 * its table, and whoever does upkeep for the store walks it entry by entry for the {@link
 * io.timelog.internal.drop.RowDropListener}.
 *
 * <p>Listeners are code of others. Whatever they throw is counted and logged, and the report goes
 * on; no lock of the store is held while they run, but they are called by one thread at a time.
 */
@NullMarked
package io.timelog.internal.drop;

import org.jspecify.annotations.NullMarked;
