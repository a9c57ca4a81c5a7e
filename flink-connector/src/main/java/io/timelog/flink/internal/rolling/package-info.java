/**
 * Aggregates of the last so many minutes of each key, at every event.
 *
 * <p>{@link io.timelog.flink.internal.rolling.RollingOnEventOperator} and {@link
 * io.timelog.flink.internal.rolling.RollingOnWatermarkOperator} say when results come. What they
 * are is asked of {@link io.timelog.flink.internal.rolling.RollingAggregates}, of which there may
 * be any number of implementations: {@link io.timelog.flink.internal.rolling.ScannedAggregates}
 * reads all rows in range, {@link io.timelog.flink.internal.rolling.SummarisedAggregates} keeps
 * accumulators of parts of them, and {@link io.timelog.flink.internal.rolling.RollingStates}
 * chooses by the backend.
 */
@NullMarked
package io.timelog.flink.internal.rolling;

import org.jspecify.annotations.NullMarked;
