/**
 * Checkpoints and native savepoints: the engine's own files, of which only new ones are stored.
 *
 * <p>{@link io.timelog.flink.internal.checkpoint.NativeStrategy} takes them. On the task's thread a
 * {@link io.timelog.flink.internal.checkpoint.NativeMoment} begins an export of the engine and
 * copies the heap's timer queues; the amount of state in tables plays no part. The rest, on another
 * thread, groups files into packs, stores the packs that are not stored already, and then the
 * {@link io.timelog.flink.internal.checkpoint.SnapshotMetadata metadata}, which says what is where.
 * {@link io.timelog.flink.internal.checkpoint.UploadHistory} knows which stored packs a checkpoint
 * may count on.
 *
 * <p>{@link io.timelog.flink.internal.checkpoint.NativeRestore} makes tables of one or several
 * snapshots, and reads of each no more than the key groups that are wanted.
 */
@NullMarked
package io.timelog.flink.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
