/**
 * Stores of Kafka Streams while they are queried: what a put costs the thread that writes when
 * others ask the same store as fast as they can, and what commits cost that such queries may see.
 *
 * <p>{@link io.timelog.benchmarks.kafka.query.QueryRun} weighs one kind of store in a JVM of its
 * own, twice side by side: without transactions and with them. On each a {@link
 * io.timelog.benchmarks.kafka.query.StoreJob} says what is put and what the answers must be; a
 * {@link io.timelog.benchmarks.kafka.query.Writer} puts, {@link
 * io.timelog.benchmarks.kafka.query.Readers} query and check.
 */
@NullMarked
package io.timelog.benchmarks.kafka.query;

import org.jspecify.annotations.NullMarked;
