/**
 * Where a backend keeps what does not fit into memory: a directory of its own on the machine of its
 * task. Nothing there outlives the backend, because what has to is in checkpoints.
 *
 * <p>{@link io.timelog.flink.internal.local.LocalDirectories} chooses the place, {@link
 * io.timelog.flink.internal.local.StateDirectory} has the stores of one backend, and {@code
 * DeadDirectories} removes what processes have left that were killed.
 */
@NullMarked
package io.timelog.flink.internal.local;

import org.jspecify.annotations.NullMarked;
