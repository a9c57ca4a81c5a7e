/**
 * Registered states as tables of the engine, and how their rows relate to canonical savepoints.
 *
 * <p>A {@link io.timelog.flink.internal.table.StateTable} is one registered state: Flink's meta
 * information, a table, and the {@link io.timelog.flink.internal.table.TableLayout} that says how
 * the kind of state is laid out in rows. {@link io.timelog.flink.internal.table.StateTables} has
 * all of a backend. Nothing here knows how a job uses a state; that is in the packages above.
 *
 * <p>What is derived from rows lies in {@link io.timelog.flink.internal.table.DerivedTables}, which
 * no snapshot has, and learns of writes as a {@link io.timelog.flink.internal.table.RowObserver}.
 *
 * <p>A layout reads rows as {@link io.timelog.flink.internal.table.CanonicalEntries} and takes them
 * back one by one through a {@link io.timelog.flink.internal.table.CanonicalSink}. Savepoints,
 * migrations and queries all go that way, and no value is deserialized on it.
 */
@NullMarked
package io.timelog.flink.internal.table;

import org.jspecify.annotations.NullMarked;
