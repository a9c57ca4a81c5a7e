/**
 * The window store.
 *
 * <p>{@link io.timelog.kafka.internal.window.TimelogWindowStore} is all there is between Kafka's
 * own layers (metering, caching, change-logging) and the table of the engine. {@link
 * io.timelog.kafka.internal.window.WindowStoreSettings} is what makes one window store differ from
 * another, and {@link io.timelog.kafka.internal.window.WindowChangelogKey} reads the keys of a
 * changelog.
 *
 * <p>A window is an entry: its key is the record key, its timestamp the start of the window in
 * milliseconds. Where duplicates are replaced the table is a map, where they are retained a
 * multimap. A scan of several keys merges the partition windows of a Kafka segment into the order
 * in which Kafka's cache expects to merge: segment, key, start.
 */
@NullMarked
package io.timelog.kafka.internal.window;

import org.jspecify.annotations.NullMarked;
