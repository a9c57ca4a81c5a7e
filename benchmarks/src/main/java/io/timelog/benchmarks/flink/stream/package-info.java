/**
 * Operators by event time side by side: those of {@code TimelogStreams} on Timelog, beside what a
 * job has without them, Flink's own or one that is written by hand, on the heap and on RocksDB.
 * Each runs in Flink's harness of operators, on one thread and without a job.
 *
 * <p>{@link io.timelog.benchmarks.flink.stream.StreamShape} lists the operators and what comes to
 * them, {@link io.timelog.benchmarks.flink.stream.StreamRun} weighs one in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.flink.stream;

import org.jspecify.annotations.NullMarked;
