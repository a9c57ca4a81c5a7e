package io.timelog.internal.engine;

import java.util.List;

/** Observers for tests that open thousands of stores: none, not even {@link EngineCheck}. */
public final class Unwatched {
  private Unwatched() {}

  /** No observers. */
  public static StoreObservers observers() {
    return new StoreObservers(List.of());
  }
}
