/**
 * The key-value store.
 *
 * <p>{@link io.timelog.kafka.internal.keyvalue.TimelogKeyValueStore} is all there is between
 * Kafka's own layers and the table of the engine. The table is a map of one unbounded partition
 * window and finds a key by its hash; for reads in key order the store keeps {@link
 * io.timelog.kafka.internal.keyvalue.sorted.KeyTree} beside it, from the first such read on. What
 * one of those reads returns is a {@link io.timelog.kafka.internal.keyvalue.KeySpanIterator}.
 *
 * <p>A key that is deleted leaves the sorted keys at once. So the first entries of a store are
 * found as fast after a million deletes as before them, which is what the store that the two sides
 * of a left or outer join share lives on: a queue, in the order of time, of what found no match
 * yet.
 */
@NullMarked
package io.timelog.kafka.internal.keyvalue;

import org.jspecify.annotations.NullMarked;
