/**
 * What commits cost a writer: {@link io.timelog.benchmarks.commit.CommitRun} writes to one {@link
 * io.timelog.benchmarks.durable.DurableState} at a pace, commits it ten times a second, and weighs
 * that in a JVM of its own.
 */
@NullMarked
package io.timelog.benchmarks.commit;

import org.jspecify.annotations.NullMarked;
