/**
 * Keyed state of Flink side by side: Timelog's backend, Flink's own on the heap, and RocksDB, each
 * through the interface by which operators use it, on the thread of a task and without a job.
 *
 * <p>{@link io.timelog.benchmarks.flink.StateShape} lists the kinds of state, {@link
 * io.timelog.benchmarks.flink.StateWork} is what is done to one of them, and {@link
 * io.timelog.benchmarks.flink.StateRun} does it in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
