/**
 * The keyed workload and the instruments that weigh it. {@link
 * io.timelog.benchmarks.workload.Workload} says what is done, {@link
 * io.timelog.benchmarks.workload.SyntheticEvents} makes the input as a pure function of a seed and
 * a number, {@link io.timelog.benchmarks.workload.WorkloadRun} does it to one engine, and {@link
 * io.timelog.benchmarks.workload.ChildJvm} gives each engine a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
