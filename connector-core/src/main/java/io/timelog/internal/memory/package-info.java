/**
 * The memory that memtables write into: direct buffers called slabs, pooled and reused, every byte
 * of them reserved against the store's {@link io.timelog.MemoryBudget}.
 *
 * <p>{@link io.timelog.internal.memory.SlabPool} hands out slabs; {@link
 * io.timelog.internal.memory.Arena} allocates blocks from slabs for one owner and gives all of them
 * back at once. There is no freeing of a single block: what shares an arena dies together.
 */
@NullMarked
package io.timelog.internal.memory;

import org.jspecify.annotations.NullMarked;
