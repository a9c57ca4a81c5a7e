/**
 * Operators over keyed streams by event time, for the DataStream API of Flink: joins in an interval
 * of time, joins with what was known last, rolling aggregates, sorting, deduplication.
 *
 * <p>{@link io.timelog.flink.streams.TimelogStreams} has all of them. They run on every state
 * backend, and are fast on Timelog's.
 */
@NullMarked
package io.timelog.flink.streams;

import org.jspecify.annotations.NullMarked;
