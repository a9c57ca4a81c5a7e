/**
 * What a store tells of itself through the metrics of Kafka Streams.
 *
 * <p>{@link io.timelog.kafka.internal.metrics.StoreMetric} lists the numbers, {@link
 * io.timelog.kafka.internal.metrics.StoreMetrics} registers them for one store. {@link
 * io.timelog.kafka.internal.metrics.OperationMetrics} times the operations of a store that no layer
 * of Kafka Streams times. Only public API of Kafka is used.
 */
@NullMarked
package io.timelog.kafka.internal.metrics;

import org.jspecify.annotations.NullMarked;
