package io.timelog.flink.internal.memory;

import io.timelog.MemoryBudget;

/**
 * The memory of all states in one slot. Thread-safe.
 *
 * <p>Closing it does nothing: each buffer is freed when the last store or reader lets go of it.
 */
public final class SlotMemory implements AutoCloseable {
  private final MemoryBudget budget;

  /** A budget of so many bytes. */
  public SlotMemory(long bytes) {
    budget = MemoryBudget.ofBytes(bytes, new SegmentSource());
  }

  /** The budget. */
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public void close() {}
}
