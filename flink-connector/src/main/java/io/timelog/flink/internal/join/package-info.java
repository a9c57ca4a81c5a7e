/**
 * Joins of two keyed streams by event time.
 *
 * <p>{@link io.timelog.flink.internal.join.IntervalJoinOperator} finds pairs whose distance in time
 * lies between two bounds; {@link io.timelog.flink.internal.join.JoinSide} is one of its two sides,
 * and says how rows are kept, found and forgotten. {@link
 * io.timelog.flink.internal.join.AsOfJoinOperator} finds the latest row of the other stream.
 *
 * <p>Neither writes into a row that it found a partner. Whether a row of an outer join had one is
 * asked when none can come any more, and answered by the rows of the other side, which are kept
 * until then.
 */
@NullMarked
package io.timelog.flink.internal.join;

import org.jspecify.annotations.NullMarked;
