/**
 * Keeps the number of sources that a read must visit small, and gives memory back.
 *
 * <p>Roles, kept apart so that each can be read and tested alone:
 *
 * <ul>
 *   <li>{@link io.timelog.internal.compaction.CompactionPolicy} chooses: view in, windows out. A
 *       pure function.
 *   <li>{@link io.timelog.internal.compaction.WindowMerger} does: it writes what several sources of
 *       a partition window hold into one run of bounded segments, or some segments of one source
 *       anew without what is hidden in them.
 *   <li>{@link io.timelog.internal.upkeep} decides when and on which thread, and publishes the
 *       result.
 * </ul>
 */
@NullMarked
package io.timelog.internal.compaction;

import org.jspecify.annotations.NullMarked;
