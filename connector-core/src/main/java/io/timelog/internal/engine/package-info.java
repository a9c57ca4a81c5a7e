/**
 * The engine: what takes writes, hands out reads, and keeps both apart from maintenance.
 *
 * <p>{@link io.timelog.internal.engine.StoreEngine} is a store: one {@link
 * io.timelog.internal.engine.WriterGate}, one memory budget, many {@link
 * io.timelog.internal.engine.TableEngine tables}. What a table does to its {@linkplain
 * io.timelog.internal.engine.CurrentView present view} is in a class for each kind of change:
 * {@link io.timelog.internal.engine.ActiveWindows} route a write to the {@linkplain
 * io.timelog.internal.memtable memtable window} of its timestamp, along the grid of {@link
 * io.timelog.internal.engine.WindowGrid}; {@link io.timelog.internal.engine.KeyRemoval} and {@link
 * io.timelog.internal.engine.TimeDeletes} delete; {@link
 * io.timelog.internal.engine.TableMaintenance} flushes and compacts.
 *
 * <p>Threads: the gate admits one writer at a time. Views are replaced under the store's
 * publication lock, which is held for as long as it takes to build a list of sources. Flush and
 * compaction run under the maintenance lock, on any thread, and touch only sealed sources. Readers
 * take no lock.
 */
@NullMarked
package io.timelog.internal.engine;

import org.jspecify.annotations.NullMarked;
