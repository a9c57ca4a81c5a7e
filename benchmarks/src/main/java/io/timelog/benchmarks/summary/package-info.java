/**
 * Aggregates over a range of one key: {@link io.timelog.benchmarks.summary.SummaryRun} asks a
 * {@link io.timelog.benchmarks.summary.RangeStore} for them, of which there is one for each {@link
 * io.timelog.benchmarks.summary.SummaryMethod}.
 */
@NullMarked
package io.timelog.benchmarks.summary;

import org.jspecify.annotations.NullMarked;
