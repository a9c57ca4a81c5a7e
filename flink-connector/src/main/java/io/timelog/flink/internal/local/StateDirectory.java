package io.timelog.flink.internal.local;

import io.timelog.BusyPolicy;
import io.timelog.CommitLog;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.StoreImport;
import io.timelog.TimelogStore;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/**
 * The directory of one backend, and the stores in it, which never commit: their files are scratch.
 * For the task's thread.
 */
public final class StateDirectory implements AutoCloseable {
  /*
   * A savepoint stands on a page of each file of each slice of time of each state, which must not be all of
   * a small memory.
   */
  private static final int PAGES_PER_MEMORY = 1024;

  private static final long LEAST_PAGE_BYTES = 4096;

  private final Path path;
  private final String operator;
  private final MemoryBudget memory;

  /**
   * A directory that was made for this backend alone.
   *
   * @param operator whose state it is, for messages
   * @param memory of the slot
   */
  StateDirectory(Path path, String operator, MemoryBudget memory) {
    this.path = path;
    this.operator = operator;
    this.memory = memory;
  }

  /** Makes the store of a backend that begins without state. */
  public TimelogStore openStates() {
    return TimelogStore.open(states(path), settings());
  }

  /** Begins to make the store of a backend that begins with the state of snapshots. */
  public StoreImport importStates() {
    return StoreImport.into(states(path), settings());
  }

  /** Makes the store of what is derived from states. */
  public TimelogStore openDerived() {
    return TimelogStore.open(path.resolve("derived"), settings());
  }

  /** Where the store of the states is in the directory of a backend. */
  static Path states(Path directory) {
    return directory.resolve("states");
  }

  private TimelogStore.Builder settings() {
    return TimelogStore.builder()
        .name(operator)
        .memoryBudget(memory)
        .targetPageBytes(pageBytes())
        .maintenance(Maintenance.DISABLED)
        .busyPolicy(BusyPolicy.FLUSH)
        .commitLog(CommitLog.NONE);
  }

  private long pageBytes() {
    long part = memory.limitBytes() / PAGES_PER_MEMORY;
    return Math.min(
        TimelogStore.Builder.DEFAULT_TARGET_PAGE_BYTES, Math.max(part, LEAST_PAGE_BYTES));
  }

  /** Deletes it; the stores are closed. Closing twice does nothing. */
  @Override
  public void close() {
    FileUtils.deleteDirectoryQuietly(path.toFile());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
