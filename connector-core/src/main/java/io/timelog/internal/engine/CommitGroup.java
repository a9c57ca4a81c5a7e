package io.timelog.internal.engine;

import io.timelog.internal.journal.ForceGroup;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.manifest.CommitToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commits of several stores, of which the logs are forced side by side. Used once. */
public final class CommitGroup {
  private final Map<StoreEngine, Commits.Unsettled> written = new LinkedHashMap<>();
  private @Nullable RuntimeException failure;

  private CommitGroup() {}

  /**
   * Commits stores, as {@link StoreEngine#commit} does each. For the writer of all of them.
   *
   * @throws RuntimeException that of the first store which did not commit, as {@link
   *     StoreEngine#commit} has it, with those of others suppressed in it; the rest has committed
   */
  public static void commit(Map<StoreEngine, CommitToken> tokens) {
    new CommitGroup().run(tokens);
  }

  private void run(Map<StoreEngine, CommitToken> tokens) {
    tokens.forEach((store, token) -> collect(() -> written.put(store, store.write(token))));
    try {
      force();
    } finally {
      written.forEach((store, commit) -> collect(() -> store.settle(commit)));
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void force() {
    List<StoreLog> logs = new ArrayList<>();
    for (Commits.Unsettled commit : written.values()) {
      StoreLog log = commit.log();
      if (log != null) {
        logs.add(log);
      }
    }
    ForceGroup.shared().force(logs);
  }

  private void collect(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
  }
}
