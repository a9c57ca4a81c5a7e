/**
 * The memory that stores write into: direct buffers, every byte of them counted in a {@link
 * io.timelog.MemoryBudget}.
 *
 * <p>There is one {@link io.timelog.internal.memory.BufferPool} for each budget, which keeps the
 * free buffers of all its stores, and one {@link io.timelog.internal.memory.MemoryAccount} for each
 * store. {@link io.timelog.internal.memory.Arena} allocates blocks from buffers for one owner; such
 * buffers are called slabs. Buffers of segments are called extents.
 */
@NullMarked
package io.timelog.internal.memory;

import org.jspecify.annotations.NullMarked;
