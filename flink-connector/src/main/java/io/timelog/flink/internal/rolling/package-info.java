/**
 * Aggregates of the last so many minutes of each key, at every event.
 *
 * <p>{@link io.timelog.flink.internal.rolling.RollingOnEventOperator} and {@link
 * io.timelog.flink.internal.rolling.RollingOnWatermarkOperator} say when results come. What they
 * are is asked of {@link io.timelog.flink.internal.rolling.RollingAggregates}, of which there are
 * two implementations: {@link io.timelog.flink.internal.rolling.StateAggregates} asks the state of
 * the rows, {@link io.timelog.flink.internal.rolling.SummarisedAggregates} keeps accumulators of
 * parts of them, for ranges that only move forward. {@link
 * io.timelog.flink.internal.rolling.RollingStates} chooses by what the state is good at.
 */
@NullMarked
package io.timelog.flink.internal.rolling;

import org.jspecify.annotations.NullMarked;
