/**
 * The jobs. {@link io.timelog.integration.flink.job.ReadingsJob} uses every kind of keyed state,
 * and of its results every one depends on all state of a key. {@link
 * io.timelog.integration.flink.job.StreamsJob} has the operators of {@link
 * io.timelog.flink.streams.TimelogStreams}, and {@link
 * io.timelog.integration.flink.job.PlainStreams} says by loops what comes of them.
 *
 * <p>This package is what is in the jar of the job.
 */
@NullMarked
package io.timelog.integration.flink.job;

import org.jspecify.annotations.NullMarked;
