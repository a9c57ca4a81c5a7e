/**
 * Snapshots in Flink's canonical format, and back.
 *
 * <p>{@link io.timelog.flink.internal.snapshot.CanonicalResources} holds one moment of a backend: a
 * snapshot of the engine and copies of the timer queues. It is made on the task's thread in a time
 * that does not depend on how much state there is; {@link
 * io.timelog.flink.internal.snapshot.CanonicalIterator} reads it out on any other. Keys and values
 * are canonical bytes already, so no serializer of a state runs there.
 *
 * <p>{@link io.timelog.flink.internal.snapshot.CanonicalRestore} takes such snapshots in, whichever
 * backend has written them.
 */
@NullMarked
package io.timelog.flink.internal.snapshot;

import org.jspecify.annotations.NullMarked;
