/**
 * The engine: what takes writes, hands out reads, and keeps both apart from maintenance.
 *
 * <p>{@link io.timelog.internal.engine.StoreEngine} is a store: it puts the parts together and
 * knows the {@link io.timelog.internal.engine.TableEngine tables}. {@code Writes} is the protocol
 * of every write: who is admitted by the {@link io.timelog.internal.engine.WriterGate}, what
 * happens when memory runs out, and what comes after. A table has a {@code WriteOperation} for each
 * kind of write. What these do to its {@linkplain io.timelog.internal.view.CurrentView present
 * view} is in a class for each kind of change: {@code ActiveWindows} route a write to the
 * {@linkplain io.timelog.internal.memtable memtable window} of its timestamp, along the grid of
 * {@link io.timelog.internal.engine.WindowGrid}; {@code WindowSealing} ends their time there, and
 * {@code WindowTidying} frees what they hold in vain, {@code WindowRewriting} by a copy of one;
 * {@code KeyRemoval} and {@code TimeDeletes} delete; {@code EntryUpdate} and {@code
 * EntryReplacement} write what depends on the entries that are there, as {@code PresentEntries} and
 * {@code WriterReads} give them without a lease.
 *
 * <p>{@code Commits} makes a store last, in one class for each way; {@code StoreCuts} takes the
 * moments for that, {@code LogReplay} does again what a log has, and {@code StoreOpening} makes
 * stores that are not empty. What a log will have is told to a {@code TableJournal} and to the
 * {@linkplain io.timelog.internal.memtable.RowJournal journals} of its windows.
 *
 * <p>Threads: the gate admits one writer at a time. Readers take no lock: they count themselves in
 * the {@code ReaderEpoch} of the present version. The writer and the thread that does {@linkplain
 * io.timelog.internal.upkeep upkeep} replace views, each by deciding on the next one first and
 * publishing it if the one that it looked at is still present.
 *
 * <p>Rules: whoever is to be refused because of others is refused before anything is written; an
 * operation that finds no memory has changed nothing; code of strangers never runs inside an
 * operation.
 */
@NullMarked
package io.timelog.internal.engine;

import org.jspecify.annotations.NullMarked;
