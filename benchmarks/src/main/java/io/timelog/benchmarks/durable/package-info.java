/**
 * State in directories, by event time, behind one small interface, {@link
 * io.timelog.benchmarks.durable.DurableState}: Timelog with each of its commit logs and without
 * one, and RocksDB as Kafka Streams has it, without a log and with one. {@link
 * io.timelog.benchmarks.durable.StateKind} lists them, and says what a commit promises.
 */
@NullMarked
package io.timelog.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
