package io.timelog.benchmarks.durable;

import io.timelog.CommitLog;
import io.timelog.benchmarks.engine.RocksDbLog;
import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.io.IOException;
import java.util.List;

/** What keeps state and how, by the names that commands and tables use. */
public enum StateKind implements Named {
  /** Timelog without a directory, which has no commits: what they are compared with. */
  TIMELOG_MEMORY("timelog-memory", "Timelog, in memory"),
  /** Commits are segments. */
  TIMELOG_NONE("timelog-none", "Timelog, `NONE`"),
  /** Commits survive the process. */
  TIMELOG_BUFFERED("timelog-buffered", "Timelog, `BUFFERED`"),
  /** Commits survive the machine. */
  TIMELOG_SYNCED("timelog-synced", "Timelog, `SYNCED`"),
  /** Commits promise nothing: what was not flushed goes with the process. */
  ROCKSDB("rocksdb", "RocksDB, as in Kafka Streams"),
  /** Commits survive the process; there may be more after a crash than was committed. */
  ROCKSDB_WRITTEN("rocksdb-written", "RocksDB, log written"),
  /** Commits survive the machine; there may be more after a crash than was committed. */
  ROCKSDB_SYNCED("rocksdb-synced", "RocksDB, log synced");

  private static final Choices<StateKind> CHOICES =
      new Choices<>("kind of state", "kind", values());

  /** The ids of all kinds, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;

  StateKind(String id, String title) {
    this.id = id;
    this.title = title;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  /** Whether it is RocksDB. */
  public boolean isRocksDb() {
    return switch (this) {
      case ROCKSDB, ROCKSDB_WRITTEN, ROCKSDB_SYNCED -> true;
      case TIMELOG_MEMORY, TIMELOG_NONE, TIMELOG_BUFFERED, TIMELOG_SYNCED -> false;
    };
  }

  /** Whether it has commits. */
  public boolean commits() {
    return this != TIMELOG_MEMORY;
  }

  /** Whether what was committed is there after the process was killed. */
  public boolean keepsCommits() {
    return commits() && this != ROCKSDB;
  }

  /** Whether nothing is there after the process was killed that was not committed. */
  public boolean endsAtCommits() {
    return commits() && !isRocksDb();
  }

  /** Opens the state in a directory, or makes one there. */
  public DurableState open(StateSettings settings) {
    return switch (this) {
      case TIMELOG_MEMORY -> TimelogState.inMemory(settings);
      case TIMELOG_NONE -> TimelogState.open(settings, CommitLog.NONE);
      case TIMELOG_BUFFERED -> TimelogState.open(settings, CommitLog.BUFFERED);
      case TIMELOG_SYNCED -> TimelogState.open(settings, CommitLog.SYNCED);
      case ROCKSDB -> new RocksDbState(settings, RocksDbLog.OFF);
      case ROCKSDB_WRITTEN -> new RocksDbState(settings, RocksDbLog.WRITTEN);
      case ROCKSDB_SYNCED -> new RocksDbState(settings, RocksDbLog.SYNCED);
    };
  }

  /**
   * Makes a state of what {@link DurableState#exportTo} has written. Timelog reads it into memory;
   * RocksDB goes on in the directory.
   *
   * @param settings whose directory has the export
   * @throws IOException if a file cannot be read
   */
  public DurableState importFrom(StateSettings settings) throws IOException {
    return isRocksDb() ? open(settings) : TimelogState.importing(settings);
  }

  /**
   * The kind of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static StateKind of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<StateKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
