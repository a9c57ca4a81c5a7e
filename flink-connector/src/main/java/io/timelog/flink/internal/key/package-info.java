/**
 * Where an entry of keyed state lies in the engine: under which key, and at which time.
 *
 * <p>The key of the engine is key group, key and namespace, byte for byte as Flink's canonical
 * savepoints write them ({@link io.timelog.flink.internal.key.CompositeKeyFormat}), so that a
 * savepoint is written and read by copying bytes. The timestamp is that of the namespace ({@link
 * io.timelog.flink.internal.key.NamespaceTime}): it decides which entries lie together and die
 * together, and nothing else, since the namespace is in the key as a whole.
 */
@NullMarked
package io.timelog.flink.internal.key;

import org.jspecify.annotations.NullMarked;
