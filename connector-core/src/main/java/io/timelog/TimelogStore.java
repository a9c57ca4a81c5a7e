package io.timelog;

import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.CommitGroup;
import io.timelog.internal.engine.SnapshotLease;
import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.StoreObservers;
import io.timelog.internal.engine.StoreOpening;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.engine.TableSettings;
import io.timelog.internal.inspection.LastToken;
import io.timelog.internal.inspection.Verification;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.medium.ClosedDirectory;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.medium.MemoryMedium;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Many named {@linkplain Table tables} of entries that have keys, under one memory budget, with one
 * writer and any number of readers. For one sequence of values without keys, see {@link Timelog}.
 *
 * <pre>{@code
 * try (TimelogStore store = TimelogStore.builder().build()) {
 *   Table clicks = store.createTable(TableOptions.multimap("clicks").build());
 *   clicks.append(user, 10, page);
 *   try (Cursor cursor = clicks.scan(user, TimeRange.of(0, 20))) {
 *     while (cursor.advance()) { ... }
 *   }
 *   clicks.deleteBefore(watermark);
 * }
 * }</pre>
 *
 * <p>All writes, to whichever table, are for one thread at a time; a second one is detected and
 * told so. Reads and statistics are for any thread, and neither wait for the writer nor hold it up.
 *
 * <p>A store keeps everything in memory. What the {@link MemoryBudget} cannot hold is refused,
 * after flush and compaction have made what room they can. What it has goes when it is closed,
 * unless it was {@linkplain #open opened} in a directory: then that has what was {@linkplain
 * #commit committed}, and while the store is open also what the budget cannot hold.
 */
public final class TimelogStore implements AutoCloseable {
  private final StoreEngine engine;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** Tables that were found in a directory and that nobody has asked for yet. */
  private final Set<String> unopened = new HashSet<>();

  private TimelogStore(StoreEngine engine) {
    this.engine = engine;
  }

  /** The store over an engine that has tables already. */
  static TimelogStore over(StoreEngine engine) {
    TimelogStore store = new TimelogStore(engine);
    engine.tables().forEach((name, table) -> store.tables.put(name, new Table(engine, table)));
    return store;
  }

  /**
   * Opens the store in a directory, or makes one there. It has what was committed last, and keeps
   * the directory until it is closed. It is read where its entries lie; they are read, and checked,
   * when they are asked for, and a read may throw what this throws. What the commit log has is done
   * again: at most about {@link StoreBuilder#logMaxBytes} of it. Cursors keep in memory what they
   * stand on, so with very many open ones in a small budget a read may be refused for lack of it.
   *
   * <pre>{@code
   * try (TimelogStore store = TimelogStore.open(directory, TimelogStore.builder())) {
   *   Table clicks = store.openTable(TableOptions.multimap("clicks").build());
   *   consumer.seek(offsetOf(store.committedToken()));
   *   ...
   *   store.commit(token(offset));
   * }
   * }</pre>
   *
   * <p>The directory and its files are made for the user of the process alone. It is for local file
   * systems: others promise less, of locks and of what is durable.
   *
   * @param directory made if it is not there
   * @param settings of the store; they need not be those that it was made with
   * @throws IllegalArgumentException if the memtables may take more than the budget
   * @throws StoreLockedException if another store has the directory
   * @throws TimelogCorruptionException if what is there is not what was committed; names the file
   *     and the offset, and nothing was changed
   * @throws TimelogStorageException if the file system refuses
   * @throws TimelogException if the store has a format that this build does not read, or pages that
   *     are compressed by a codec that {@code settings} have not; names it
   * @throws MemoryBudgetExceededException if not even that fits into the memory budget: a few
   *     percent of what is there
   */
  public static TimelogStore open(Path directory, Builder settings) {
    Objects.requireNonNull(directory, "directory");
    StoreSettings checked = settings.storeSettings();
    return open(
        DirectoryMedium.open(directory, checked.name(), checked.maxOpenFiles(), checked.codecs()),
        checked,
        StoreObservers.installed());
  }

  static TimelogStore open(
      DirectoryMedium directory, StoreSettings settings, StoreObservers observers) {
    TimelogStore store = over(StoreOpening.open(settings, directory, observers));
    store.unopened.addAll(store.tables.keySet());
    return store;
  }

  /**
   * The token that was committed last to the store or log in a directory, which is not open; empty
   * if there is no directory, no store in it, or no commit. For who has to know where to go on
   * before the store is needed. Changes nothing, and needs no right to write.
   *
   * <p>Reads the newest manifest, some 100 bytes for each segment of the store, and of a commit log
   * the batches that it has, whose checksums are compared; no entry is read, and no segment. So
   * what this returns may be committed by a store that {@link #open} finds damaged all the same.
   *
   * @throws StoreLockedException if a store is open in the directory: ask that one
   * @throws TimelogCorruptionException if manifest or log are not as they were written, or a file
   *     that they name is missing or too short
   * @throws TimelogStorageException if the file system refuses
   * @throws TimelogException if the store has a format that this build does not read
   */
  public static Optional<byte[]> committedToken(Path directory) {
    Optional<ClosedDirectory> found =
        ClosedDirectory.find(Objects.requireNonNull(directory, "directory"));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (ClosedDirectory closed = found.get()) {
      return closed.read(LastToken::in).map(CommitToken::bytes);
    }
  }

  /**
   * Reads every byte that counts of the store or log in a directory, which is not open, and says
   * what is wrong with it, file by file. Damage is in the report and nothing that is thrown.
   * Changes nothing, and needs no right to write; while it runs, no store can be opened in the
   * directory.
   *
   * <p>It looks at more than {@link #open} does: whether the rows of a segment are such as are
   * written, and whether indexes, filter and statistics say what the rows say. Costs reading the
   * directory once and making the indexes of each segment a second time. Takes memory on the heap,
   * which no budget counts: for the manifest, and for one segment at a time its sections and
   * indexes twice and one page, or one batch of the commit log.
   *
   * @param directory that of the store; one without a store is sound
   * @param codecs those by which pages were compressed, if any were
   * @throws StoreLockedException if a store is open in the directory: close it first
   * @throws TimelogStorageException if there is no such directory, or it cannot be listed
   * @throws TimelogException if the store has a format that this build does not read, or pages that
   *     are compressed by a codec that was not given
   * @throws IllegalArgumentException if a codec has no name that is allowed
   */
  public static VerificationReport verify(Path directory, PageCodec... codecs) {
    for (PageCodec codec : codecs) {
      PageCodecs.requireName(codec.name());
    }
    PageCodecs given = new PageCodecs(null, List.of(codecs));
    Optional<ClosedDirectory> found =
        ClosedDirectory.find(Objects.requireNonNull(directory, "directory"));
    if (found.isEmpty()) {
      throw new TimelogStorageException(
          "There is nothing to verify", directory, "list", new FileNotFoundException());
    }
    try (ClosedDirectory closed = found.get()) {
      return closed.read(disk -> Verification.of(disk, given));
    }
  }

  /** Settings with their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Adds a table.
   *
   * <p>Where there is a commit log this is a write.
   *
   * @throws IllegalArgumentException if the store has a table of that name
   * @throws ConcurrentWriterException if this is a write, and another thread is in the middle of
   *     one
   * @throws IllegalStateException if the store is closed
   */
  public Table createTable(TableOptions options) {
    synchronized (tables) {
      Table table = new Table(engine, engine.createTable(options.settings()));
      tables.put(options.name(), table);
      return table;
    }
  }

  /**
   * The table of this name, or a new one if there is none. A table that was committed to the
   * directory gets from {@code options} what is not kept there: its drop listener, its filter, and
   * how wide automatic windows are. So it must be opened with these before anybody else asks for
   * it.
   *
   * @throws IllegalArgumentException if the table was made with other options: another rule, late
   *     entries, key groups, index, or windows of another kind or size
   * @throws IllegalStateException if there are a drop listener or a filter, and somebody has asked
   *     for the table before; or if the store is closed
   */
  public Table openTable(TableOptions options) {
    synchronized (tables) {
      String name = options.name();
      Table open = tables.get(name);
      if (open == null) {
        return createTable(options);
      }
      TableSettings settings = options.settings();
      TableEngine table = Objects.requireNonNull(engine.tables().get(name));
      table.requireSameShape(settings);
      if (unopened.contains(name)) {
        Table reopened = new Table(engine, engine.reopenTable(settings));
        unopened.remove(name);
        tables.put(name, reopened);
        return reopened;
      }
      if (settings.dropListener() != null || settings.filter() != null) {
        throw new IllegalStateException(
            "The table is open already, and cannot get a drop listener or a filter any more: table="
                + name);
      }
      return open;
    }
  }

  /**
   * The table of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Table table(String name) {
    synchronized (tables) {
      Table table = tables.get(Objects.requireNonNull(name, "name"));
      if (table == null) {
        throw noSuchTable(name);
      }
      unopened.remove(name);
      return table;
    }
  }

  private IllegalArgumentException noSuchTable(String name) {
    return new IllegalArgumentException(
        "The store has no table of this name: table=" + name + ", tables=" + tables.keySet());
  }

  /** The names of all tables. */
  public Set<String> tables() {
    synchronized (tables) {
      return Set.copyOf(tables.keySet());
    }
  }

  /**
   * Removes a table with all its entries; they are not reported to a drop listener. Does nothing if
   * there is no such table. A write.
   */
  public void dropTable(String name) {
    synchronized (tables) {
      engine.dropTable(name);
      tables.remove(name);
      unopened.remove(name);
    }
  }

  /**
   * All tables at this moment. O(partition windows of all tables).
   *
   * @throws IllegalStateException if the store is closed
   */
  public Snapshot snapshot() {
    return new EngineSnapshot(engine.snapshot(), Map.copyOf(engine.tables()));
  }

  /**
   * Begins an export of all tables as they are now. A write; O(partition windows of all tables): it
   * seals what is in memory and copies nothing. {@link StoreExport#write} does the rest, on any
   * thread.
   *
   * @return to be closed; until then it holds what it exports
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws IllegalStateException if a drop listener calls this, or if the store is closed
   */
  public StoreExport beginExport() {
    return new StoreExport(engine.beginExport());
  }

  /**
   * Makes everything that was written so far last, in all tables and together with a token: after a
   * crash there is all of it or nothing of it. {@link CommitLog} says which crashes a commit
   * survives. A write. It costs what was written since the last commit, and with {@link
   * CommitLog#SYNCED} one wait for the disk: entries that were dropped again meanwhile with all of
   * their window cost nothing. With {@link CommitLog#NONE} it flushes all memtables and writes the
   * segments that lie in no file yet. It writes nothing if nothing has changed, and neither has the
   * token.
   *
   * <p>When it throws, the commit is not there, or it is there after a crash and may be; the store
   * goes on, everything is in memory as it was, and a later commit contains it.
   *
   * @param token whatever the application wants to find with these entries, such as the position of
   *     its source; at most {@value CommitToken#MAX_BYTES} bytes, which are copied
   * @return the number of the commit
   * @throws TimelogStorageException if the file system refuses; says what to do
   * @throws MemoryBudgetExceededException if there is no room for a segment; nothing was committed
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws IllegalArgumentException if the token is too long
   * @throws IllegalStateException if the store has no directory, if a drop listener calls this, or
   *     if the store is closed
   */
  public long commit(byte[] token) {
    return engine.commit(CommitToken.of(token));
  }

  /**
   * Commits several stores, as {@link #commit} does each, and waits for the disk once for all of
   * them rather than once for each. They do not become durable at one moment: after a crash some
   * may have their commit and others not. For the writer of all of them.
   *
   * @param tokens the stores, with what is to be found with their entries
   * @throws TimelogException if a store did not commit, with the failures of others suppressed in
   *     it; all others have committed
   * @throws IllegalArgumentException if a token is too long; nothing was committed
   */
  public static void commitAll(Map<TimelogStore, byte[]> tokens) {
    Map<StoreEngine, CommitToken> commits = new LinkedHashMap<>();
    tokens.forEach((store, token) -> commits.put(store.engine, CommitToken.of(token)));
    CommitGroup.commit(commits);
  }

  /**
   * The token of the last commit; empty if there was none, or it was {@linkplain #forgetCommit
   * forgotten}.
   *
   * @throws IllegalStateException if the store has no directory
   */
  public Optional<byte[]> committedToken() {
    return Optional.ofNullable(engine.committedToken()).map(CommitToken::bytes);
  }

  /**
   * Gives up the last commit, with its token, and the files that only it needs. The store goes on
   * with all that it has. After a crash, or when it is opened again, it is empty, until there is
   * another commit, which then contains everything. A write. Costs one small file, or two.
   *
   * <p>For who makes state last elsewhere, by {@linkplain #beginExport exports}, or cannot commit
   * for long: files of entries that have died since the last commit are kept for that commit.
   *
   * <p>When it throws, a crash may leave the last commit or none; the store goes on, and this may
   * be called again.
   *
   * @throws TimelogStorageException if the file system refuses; says what to do
   * @throws ConcurrentWriterException if another thread is writing to the store
   * @throws IllegalStateException if the store has no directory, if a drop listener calls this, or
   *     if the store is closed
   */
  public void forgetCommit() {
    engine.forgetCommit();
  }

  /**
   * What was found in the directory when the store was opened, and what was removed.
   *
   * @throws IllegalStateException if the store has no directory
   */
  public RecoveryReport recovery() {
    return engine.recovery();
  }

  /** Moves everything from memtables into segments, on the calling thread. For the writer. */
  public void flush() {
    engine.flush();
  }

  /** Merges segments wherever that saves memory or reads, on the calling thread. */
  public void compact() {
    engine.compact();
  }

  /**
   * Does about what the maintenance thread would do now, on the calling thread: flushes what is
   * sealed, and merges segments of windows that have many, first the small ones among themselves.
   * Any thread may call this, the writer goes on meanwhile. What goes wrong is logged and left for
   * the next time. Does nothing if the store is closed.
   */
  public void maintain() {
    engine.maintain();
  }

  /**
   * Starts background maintenance, on the threads of the {@link MaintenancePool}; does nothing if
   * it is started.
   */
  public void startMaintenance() {
    engine.startMaintenance();
  }

  /**
   * Stops background maintenance, and waits for a round of it that is under way, but not for those
   * of other stores; does nothing if it is not started.
   */
  public void stopMaintenance() {
    engine.stopMaintenance();
  }

  /** The name of the store, which appears in messages. */
  public String name() {
    return engine.name();
  }

  /** The memory budget. */
  public MemoryBudget memoryBudget() {
    return engine.settings().budget();
  }

  /** The store in numbers. */
  public StoreStats stats() {
    return engine.stats();
  }

  /** Whether the store is closed. */
  public boolean isClosed() {
    return engine.isClosed();
  }

  /**
   * Closes the store; its entries are gone, but for what was committed to a directory. Cursors and
   * snapshots that are open stay readable, and hold their memory, until they are closed. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return "TimelogStore[" + name() + ", tables=" + tables() + "]";
  }

  private static final class EngineSnapshot implements Snapshot {
    private final SnapshotLease lease;
    private final Map<String, TableEngine> tables;

    EngineSnapshot(SnapshotLease lease, Map<String, TableEngine> tables) {
      this.lease = lease;
      this.tables = tables;
    }

    @Override
    public TableReader table(String name) {
      TableEngine table = tables.get(Objects.requireNonNull(name, "name"));
      if (table == null || !lease.contains(table)) {
        throw new IllegalArgumentException("The snapshot has no table of this name: table=" + name);
      }
      return new EngineReader(table, () -> lease.lease(table));
    }

    @Override
    public void close() {
      lease.close();
    }
  }

  /** Collects the settings of a store. Not thread-safe. */
  public static final class Builder extends StoreBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    @Override
    long defaultMemtableMaxBytes(MemoryBudget budget, Maintenance mode) {
      return mode == Maintenance.BACKGROUND ? budget.limitBytes() / 16 * 7 : budget.limitBytes();
    }

    /**
     * An empty store.
     *
     * @throws IllegalArgumentException if the memtables may take more than the budget
     */
    public TimelogStore build() {
      return new TimelogStore(
          new StoreEngine(storeSettings(), new MemoryMedium(), StoreObservers.installed()));
    }
  }
}
