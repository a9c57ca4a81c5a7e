/**
 * Reading a table in the way Kafka Streams expects of a store, whatever kind of store it is.
 *
 * <p>{@link io.timelog.kafka.internal.scan.LazyScan} is what every iterator stands on, and {@link
 * io.timelog.kafka.internal.scan.Entries} what it walks: one cursor, or one for each segment, which
 * {@link io.timelog.kafka.internal.scan.SegmentScan} opens one after the other. Where the keys are
 * such that Kafka's cache would order them otherwise, which {@link
 * io.timelog.kafka.internal.scan.KeyShapes} knows, {@link
 * io.timelog.kafka.internal.scan.CacheOrder} puts them right.
 */
@NullMarked
package io.timelog.kafka.internal.scan;

import org.jspecify.annotations.NullMarked;
