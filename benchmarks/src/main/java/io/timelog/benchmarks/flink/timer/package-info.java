/**
 * Timers of Flink's operators side by side: on the heap, in tables of Timelog and in RocksDB.
 *
 * <p>{@link io.timelog.benchmarks.flink.timer.TimerRun} weighs them in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.flink.timer;

import org.jspecify.annotations.NullMarked;
