/**
 * The engines under measurement behind one small interface, {@link
 * io.timelog.benchmarks.engine.KeyedEngine}: Timelog, the plain Java collections somebody would use
 * instead, RocksDB in the three shapes in which Kafka Streams and Flink use it, and {@link
 * io.timelog.benchmarks.engine.IdealEngine}, which can do nothing but this benchmark and therefore
 * bounds what is possible.
 *
 * <p>An engine does the work of its original with the options of its original and nothing more: no
 * serialization, no metrics, no changelog. Where two readings were possible, the one that is
 * cheaper for the peer was taken, and its class says so.
 */
@NullMarked
package io.timelog.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
