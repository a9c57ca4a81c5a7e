/**
 * Aggregates over ranges of time, where Flink's types meet the engine's: its aggregate functions as
 * {@link io.timelog.summary.Summarizer}s, its serializers as codecs, and an aggregate that needs no
 * summaries, because it goes through the values.
 */
@NullMarked
package io.timelog.flink.internal.summary;

import org.jspecify.annotations.NullMarked;
