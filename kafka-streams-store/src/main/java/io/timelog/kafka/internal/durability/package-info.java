/**
 * What a store leaves in the directory of its task, and how it is found again.
 *
 * <p>A {@link io.timelog.kafka.internal.durability.StoreHome} has the engine of a store: {@link
 * io.timelog.kafka.internal.durability.MemoryHome} in memory, {@link
 * io.timelog.kafka.internal.durability.DirectoryHome} in a directory, which it opens when entries
 * are needed. With the entries a commit keeps a {@link
 * io.timelog.kafka.internal.durability.StoreToken}: whose entries they are, and the {@link
 * io.timelog.kafka.internal.durability.StoreFacts} that are true of exactly these entries.
 */
@NullMarked
package io.timelog.kafka.internal.durability;

import org.jspecify.annotations.NullMarked;
