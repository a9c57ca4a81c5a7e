/**
 * What keeps a store in shape: sealed windows become segments, segments become fewer, dropped
 * entries are reported, and memory is freed when it runs out.
 *
 * <ul>
 *   <li>{@link io.timelog.internal.upkeep.SealedRuns} wait for a flush.
 *   <li>{@link io.timelog.internal.upkeep.TableMaintenance} flushes and compacts one table.
 *   <li>{@link io.timelog.internal.upkeep.Rounds} does that for all tables of a store, one round at
 *       a time, on whichever thread asks for it; {@link
 *       io.timelog.internal.upkeep.BackgroundMaintenance} asks by itself, on {@link
 *       io.timelog.internal.upkeep.MaintenanceThreads}, which stores may share.
 *   <li>{@link io.timelog.internal.upkeep.Relief} is what a write asks for that found no memory;
 *       {@link io.timelog.internal.upkeep.MemoryRelief} is how a store in memory answers.
 * </ul>
 *
 * <p>Rounds run under a lock of their own and touch only sealed sources, so the writer may go on
 * meanwhile. They replace views as the writer does.
 */
@NullMarked
package io.timelog.internal.upkeep;

import org.jspecify.annotations.NullMarked;
