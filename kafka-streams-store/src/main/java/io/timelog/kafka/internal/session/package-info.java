/**
 * The session store.
 *
 * <p>{@link io.timelog.kafka.internal.session.TimelogSessionStore} is all there is between Kafka's
 * own layers (metering, caching, change-logging) and the table of the engine. {@link
 * io.timelog.kafka.internal.session.SessionStoreSettings} is what makes one session store differ
 * from another, and {@link io.timelog.kafka.internal.session.SessionChangelogKey} reads the keys of
 * a changelog.
 *
 * <p>A session is an entry of a map: its key is the record key, its timestamp the end of the
 * session in milliseconds, its subkey the start. A scan of several keys merges the partition
 * windows of a Kafka segment into the order in which Kafka's cache expects to merge: segment, key,
 * end, start.
 */
@NullMarked
package io.timelog.kafka.internal.session;

import org.jspecify.annotations.NullMarked;
