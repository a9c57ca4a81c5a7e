/**
 * The versioned key-value store.
 *
 * <p>{@link io.timelog.kafka.internal.versioned.TimelogVersionedStore} is all there is between
 * Kafka's own layers and the table of the engine, and {@link
 * io.timelog.kafka.internal.versioned.Version} reads one entry of the table.
 *
 * <p>A version lies in the table at the time at which the next one took its place, and the latest
 * at the end of time. So the version that was valid at a moment is the first entry behind that
 * moment, history that has expired is a range of time that the table drops whole, and the latest
 * versions are never in it. A put adds one entry, and writes none again but the one that it
 * replaces.
 */
@NullMarked
package io.timelog.kafka.internal.versioned;

import org.jspecify.annotations.NullMarked;
