package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.CommitLog;
import io.timelog.Maintenance;
import io.timelog.TimelogStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The program that {@link KilledProcessTest} kills. What it writes for a commit depends on the
 * number of the commit alone, so that the store is known by the number of its last one.
 */
final class CommittingProcess {
  private static final int STEPS = 24;
  private static final int MOST_COMMITS = 100_000;

  private CommittingProcess() {}

  /** Commits to the store in a directory, and says so each time, until it is killed. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    CommitLog log = CommitLog.valueOf(args[1]);
    TimelogStore.Builder settings =
        settings(log).maintenance(Maintenance.valueOf(args[2])).name("killed");
    try (TimelogStore store = TimelogStore.open(Path.of(args[0]), settings)) {
      long commit = lastCommit(store);
      while (commit < MOST_COMMITS) {
        commit++;
        write(store, commit);
        store.commit(Long.toString(commit).getBytes(UTF_8));
        out.println(commit);
      }
    }
  }

  static TimelogStore.Builder settings(CommitLog log) {
    return StoreScript.settings(log).logMaxBytes(32 << 10);
  }

  /** The number of the last commit, which its token has. */
  static long lastCommit(TimelogStore store) {
    return store.committedToken().map(token -> Long.parseLong(new String(token, UTF_8))).orElse(0L);
  }

  /** Writes what belongs to a commit. */
  static void write(TimelogStore store, long commit) {
    StoreScript.openTables(store);
    StoreScript script = new StoreScript(commit, 100 + 2 * commit);
    for (int step = 0; step < STEPS; step++) {
      script.step(store);
    }
  }
}
