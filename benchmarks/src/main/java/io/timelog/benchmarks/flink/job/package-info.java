/**
 * Whole Flink jobs side by side, which differ in one line of their configuration: the state
 * backend.
 *
 * <p>{@link io.timelog.benchmarks.flink.job.JobKind} lists the jobs, {@link
 * io.timelog.benchmarks.flink.job.Contender} the backends and the JVMs that they are in, and {@link
 * io.timelog.benchmarks.flink.job.JobRun} runs one on a cluster in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.flink.job;

import org.jspecify.annotations.NullMarked;
