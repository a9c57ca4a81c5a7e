package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;

/**
 * What was made of native snapshots.
 *
 * @param states of all of them
 * @param timers of all of them
 * @param lineage with which the next checkpoint goes on
 * @param <K> type of the keys
 */
public record RestoredSnapshots<K>(
    StateTables<K> states, Timers timers, CheckpointLineage lineage) {}
