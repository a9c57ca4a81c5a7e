package io.timelog.flink.internal.memory;

import java.io.Serializable;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the states of a slot get.
 *
 * @param fixedPerSlot so much, whatever Flink manages; null for Flink's managed memory
 */
public record MemorySettings(@Nullable MemorySize fixedPerSlot) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What all backends of a slot share, in whichever way it is paid for. */
  private static final String MANAGED = "timelog-managed";

  private static final String FIXED = "timelog-fixed";

  /**
   * The memory of the slot, shared with all other backends in it. To be closed once.
   *
   * @param fraction of the managed memory of the slot that is for state
   * @throws IllegalArgumentException if there is no managed memory for state
   */
  public OpaqueMemoryResource<SlotMemory> acquire(Environment environment, double fraction)
      throws Exception {
    MemorySize fixed = fixedPerSlot;
    if (fixed != null) {
      return environment
          .getMemoryManager()
          .getExternalSharedMemoryResource(FIXED, SlotMemory::new, fixed.getBytes());
    }
    requireManagedMemory(environment, fraction);
    return environment
        .getMemoryManager()
        .getSharedMemoryResourceForManagedMemory(MANAGED, SlotMemory::new, fraction);
  }

  private static void requireManagedMemory(Environment environment, double fraction) {
    long managed = environment.getMemoryManager().getMemorySize();
    if (fraction <= 0 || managed == 0) {
      throw new IllegalArgumentException(
          "There is no managed memory for state, which Timelog keeps all state in: managedBytes="
              + managed
              + ", fraction="
              + fraction
              + ". Raise taskmanager.memory.managed.size or .fraction, give STATE_BACKEND a weight"
              + " in taskmanager.memory.managed.consumer-weights, or set"
              + " state.backend.timelog.memory.fixed-per-slot.");
    }
  }
}
