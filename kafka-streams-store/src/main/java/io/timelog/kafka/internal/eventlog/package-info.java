/**
 * The event-log store.
 *
 * <p>{@link io.timelog.kafka.internal.eventlog.TimelogEventLogStore} is all there is between a
 * processor and the table of the engine: no layer of Kafka Streams lies above it, because none
 * knows what it does. {@link io.timelog.kafka.internal.eventlog.EventLogChangelogFormat} says what
 * it writes to its changelog, {@link io.timelog.kafka.internal.eventlog.EventLogRestore} how it
 * comes back from it, {@link io.timelog.kafka.internal.expiry.Retention} what is too old, and
 * {@link io.timelog.kafka.internal.eventlog.AllPartitions} is what interactive queries see.
 */
@NullMarked
package io.timelog.kafka.internal.eventlog;

import org.jspecify.annotations.NullMarked;
