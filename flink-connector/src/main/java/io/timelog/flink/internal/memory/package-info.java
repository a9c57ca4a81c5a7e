/**
 * Where the memory of the engine comes from: one budget for all states in a slot of a task manager,
 * as large as the share of managed memory that Flink gives to state backends, and counted by Flink.
 *
 * <p>Managed memory is not in {@code -XX:MaxDirectMemorySize}, so the engine takes none of the
 * JVM's direct buffers: {@link io.timelog.flink.internal.memory.SegmentSource} gives it Flink's
 * memory segments.
 */
@NullMarked
package io.timelog.flink.internal.memory;

import org.jspecify.annotations.NullMarked;
