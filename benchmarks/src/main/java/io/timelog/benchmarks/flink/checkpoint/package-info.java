/**
 * Checkpoints of Flink's keyed state side by side, into files of this machine: incremental ones of
 * Timelog and of RocksDB, and full ones of the heap, which has no others.
 *
 * <p>{@link io.timelog.benchmarks.flink.checkpoint.CheckpointShape} lists the kinds of state, and
 * {@link io.timelog.benchmarks.flink.checkpoint.CheckpointRun} weighs one in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.flink.checkpoint;

import org.jspecify.annotations.NullMarked;
