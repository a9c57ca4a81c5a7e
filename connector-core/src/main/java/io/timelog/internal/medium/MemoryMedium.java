package io.timelog.internal.medium;

import io.timelog.internal.cache.CacheFigures;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.storage.SegmentStorage;
import java.util.UUID;

/** The memory of the process: what is in it goes with the store. */
public final class MemoryMedium implements StoreMedium {
  private final UUID store = UUID.randomUUID();

  /** For a new store. */
  public MemoryMedium() {}

  @Override
  public UUID store() {
    return store;
  }

  @Override
  public SegmentStorage openStorage(MemoryAccount memory) {
    return new MemoryStorage(memory);
  }

  @Override
  public long retainedBytes() {
    return 0;
  }

  @Override
  public long spilledBytes() {
    return 0;
  }

  @Override
  public CacheFigures cache() {
    return CacheFigures.NONE;
  }

  @Override
  public void close() {
    // The storage has let everything go.
  }
}
