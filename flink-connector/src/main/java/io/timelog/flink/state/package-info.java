/**
 * Keyed state that is indexed by time, for functions and operators of any job on any state backend.
 *
 * <p>{@link io.timelog.flink.state.TimeIndexedState} is what they work with, {@link
 * io.timelog.flink.state.TimeIndexedStateDescriptor} says what it is called and what it holds, and
 * {@link io.timelog.flink.state.TimeIndexedStates} gets it. To Flink, to its savepoints and to
 * every backend it is map state from longs to lists.
 *
 * <p>A {@link io.timelog.flink.state.RangeSummary} says what is to be computed over ranges of it,
 * and a {@link io.timelog.flink.state.RangeAggregate} answers.
 */
@NullMarked
package io.timelog.flink.state;

import org.jspecify.annotations.NullMarked;
