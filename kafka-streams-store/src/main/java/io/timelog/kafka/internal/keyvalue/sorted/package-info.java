/**
 * Keys in order, which one thread changes while others read them.
 *
 * <p>{@link io.timelog.kafka.internal.keyvalue.sorted.KeyTree} is what is changed, and {@link
 * io.timelog.kafka.internal.keyvalue.sorted.KeyTreeBuilder} makes one of keys that are in order
 * already. {@link io.timelog.kafka.internal.keyvalue.sorted.SortedKeys} are its keys at one moment,
 * and a {@link io.timelog.kafka.internal.keyvalue.sorted.KeyCursor} steps through them.
 */
@NullMarked
package io.timelog.kafka.internal.keyvalue.sorted;

import org.jspecify.annotations.NullMarked;
