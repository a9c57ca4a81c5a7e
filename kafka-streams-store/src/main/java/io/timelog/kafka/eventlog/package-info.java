/**
 * The event-log store: entries of a key, a timestamp and a value, for processors and punctuators
 * that read by time.
 *
 * <p>{@link io.timelog.kafka.TimelogStores#eventLogStore} gives the builder. A processor gets an
 * {@link io.timelog.kafka.eventlog.EventLogStore}; interactive queries get a {@link
 * io.timelog.kafka.eventlog.ReadOnlyEventLogStore}, or ask one of the queries of this package.
 *
 * <p>Ranges of time are half-open, {@code [start, end)}, and always a {@link io.timelog.TimeRange}.
 */
@NullMarked
package io.timelog.kafka.eventlog;

import org.jspecify.annotations.NullMarked;
