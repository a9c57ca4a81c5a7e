package io.timelog.internal.engine;

import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.manifest.CommitToken;
import org.jspecify.annotations.Nullable;

/** A store in memory, of which nothing lasts. */
final class MemoryCommits implements Commits {
  private final String store;

  MemoryCommits(String store) {
    this.store = store;
  }

  private IllegalStateException nothingLasts() {
    return new IllegalStateException(
        "The store is in memory only, open one in a directory to commit: store=" + store);
  }

  @Override
  public @Nullable CommitToken token() {
    throw nothingLasts();
  }

  @Override
  public void begin(RecoveredLog found) {
    throw nothingLasts();
  }

  @Override
  public void imported() {
    // Nothing lasts.
  }

  @Override
  public Unsettled write(CommitToken token) {
    throw nothingLasts();
  }

  @Override
  public void forget() {
    throw nothingLasts();
  }
}
