package io.timelog.kafka.internal.durability;

import io.timelog.TimelogStore;
import java.util.function.Supplier;

/** Entries in memory, which end with their store. */
public record MemoryHome(TimelogStore engine) implements StoreHome {
  @Override
  public StoreFacts found() {
    return StoreFacts.NONE;
  }

  @Override
  public void beforeChange(long bytes) {
    // Nothing waits for it.
  }

  @Override
  public void commit(Supplier<StoreFacts> facts) {
    // Nothing is kept.
  }

  @Override
  public void close() {
    engine.close();
  }
}
