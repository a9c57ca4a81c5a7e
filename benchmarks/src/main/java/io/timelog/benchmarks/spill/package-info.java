/**
 * What writes and scans cost whose state is larger than the memory that it may take: of Timelog in
 * a directory, and of RocksDB as Kafka Streams and Flink have it.
 */
@NullMarked
package io.timelog.benchmarks.spill;

import org.jspecify.annotations.NullMarked;
