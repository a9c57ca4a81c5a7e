/**
 * Map state.
 *
 * <p>A map is laid out by what it has as keys. Keys of any kind are subkeys, in the order of their
 * bytes ({@link io.timelog.flink.internal.map.SubkeyMap}). Longs are timestamps, in their order
 * ({@link io.timelog.flink.internal.map.LongMap}), and where the values are lists, each element is
 * an entry of its own ({@link io.timelog.flink.internal.map.LongListMap}).
 *
 * <p>{@link io.timelog.flink.internal.map.TimeIndexedLists} shows such a map of lists as state that
 * is indexed by time, on the same rows, and {@link io.timelog.flink.internal.map.ListSummaries}
 * keeps summaries of these.
 *
 * <p>Iterators read ahead in batches and note how far they have come; they hold nothing of the
 * engine, may be forgotten at any time, and see what is written behind the place that they have
 * read to. Keys and values are deserialized when they are asked for.
 */
@NullMarked
package io.timelog.flink.internal.map;

import org.jspecify.annotations.NullMarked;
