/**
 * What the bytes of a value are, as Kafka Streams lays them out.
 *
 * <p>The stores carry values without looking into them. {@link
 * io.timelog.kafka.internal.format.ValueBytes} is the one look that they take, at what comes from a
 * changelog.
 */
@NullMarked
package io.timelog.kafka.internal.format;

import org.jspecify.annotations.NullMarked;
