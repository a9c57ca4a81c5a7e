package io.timelog.internal.engine;

import io.timelog.CommitLog;
import io.timelog.ConcurrentWriterException;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.RecoveryReport;
import io.timelog.StoreStats;
import io.timelog.internal.cache.CacheFigures;
import io.timelog.internal.checkpoint.StoreCut;
import io.timelog.internal.checkpoint.TableImage;
import io.timelog.internal.drop.ReportingThreads;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.journal.SyncPolicy;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.medium.StoreMedium;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.upkeep.BackgroundMaintenance;
import io.timelog.internal.upkeep.MemoryRelief;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.SealedRuns;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store: tables that share a writer, a memory budget and maintenance. This class puts the parts
 * together and knows which tables there are; what the parts do is theirs.
 *
 * <p>Methods named after writes are for one thread at a time, everything else for any.
 */
public final class StoreEngine implements AutoCloseable {
  /** The part of the budget that only relief, deletes and overwrites of equal size may use. */
  private static final int RESERVE_PART = 16;

  private static final long MAX_RESERVE_BYTES = 16 << 20;

  /**
   * A segment is at most this part of the reserve, of which relief always has so much to work in
   * that one can be written anew.
   */
  private static final int SEGMENTS_PER_RESERVE = 4;

  private static final int RELIEF_GROWTH = 4;

  private final StoreSettings settings;
  private final StoreMedium medium;
  private final StoreObservers observers;
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final SegmentStorage storage;
  private final SealedRuns runs;
  private final Rounds rounds;
  private final BackgroundMaintenance background;
  private final StoreMemtables memtables;
  private final Backpressure backpressure;
  private final Refusals refusals;
  private final Writes writes;
  private final StoreParts parts;
  private final NeighbourRelief besideWriter;
  private final StoreJournal journal;
  private final StoreCuts cuts;
  private final Commits commits;
  private final AtomicInteger openExports = new AtomicInteger();
  private final ReportingThreads reporting = new ReportingThreads();
  private final Object tablesLock = new Object();
  private volatile Map<String, TableEngine> tables = Map.of();

  /** No table has this id or a larger one. Guarded by {@link #tablesLock}. */
  private int nextTable;

  /**
   * An empty store.
   *
   * @param medium what the store is kept on; the store closes it
   * @param observers are told when the store is made and when it is closed
   */
  public StoreEngine(StoreSettings settings, StoreMedium medium, StoreObservers observers) {
    this(settings, medium, observers, 0);
  }

  /**
   * A store that is about to be filled.
   *
   * @param firstVersion the version of its first rows
   */
  StoreEngine(
      StoreSettings settings, StoreMedium medium, StoreObservers observers, long firstVersion) {
    this.settings = settings;
    this.medium = medium;
    this.observers = observers;
    MemoryBudget budget = settings.budget();
    long reserve = Math.min(budget.limitBytes() / RESERVE_PART, MAX_RESERVE_BYTES);
    this.pool = new MemoryAccount(settings.pool(), reserve);
    this.gate = new WriterGate(settings.name(), firstVersion, pool::callWriter);
    this.storage = medium.openStorage(pool);
    if (pool.segmentsCanLeave()) {
      pool.keepForHandlesOf(Math.min(maxMemtableBytes(), budget.limitBytes()));
    }
    this.runs = new SealedRuns(pool::keepForFlush);
    this.rounds =
        new Rounds(
            settings.name(),
            this::tableList,
            runs,
            pool::keepForOverwrites,
            settings.drainBatchLimit());
    this.background =
        new BackgroundMaintenance(
            settings.name(), settings.maintenanceThreads(), rounds, this::maintainCommits);
    this.journal = newJournal();
    this.memtables =
        new StoreMemtables(gate, pool, this::tableList, maxMemtableBytes(), this::runWasSealed);
    this.backpressure =
        new Backpressure(runs, settings.sealedMaxRuns(), settings.busyPolicy(), rounds);
    this.refusals =
        new Refusals(
            settings.name(),
            budget,
            gate,
            this::tableList,
            this::openReaders,
            pool::usedBytes,
            pool::pooledBytes,
            pool::keptFromNewEntries);
    MemoryRelief relief = new MemoryRelief(reserve, rounds, memtables, pool);
    this.writes =
        new Writes(gate, pool, relief, memtables, backpressure, refusals, reporting, journal);
    this.besideWriter =
        new NeighbourRelief(gate, writes::isClosed, rounds, relief, pool, background::wake);
    pool.join(besideWriter);
    this.parts =
        new StoreParts(
            settings,
            gate,
            pool,
            this.storage,
            writes,
            refusals,
            journal,
            new SegmentNames(),
            reserve / SEGMENTS_PER_RESERVE,
            this::runWasSealed,
            background::wake,
            reporting);
    this.cuts =
        new StoreCuts(
            medium,
            gate,
            memtables,
            this::tableList,
            rounds,
            this::runWasSealed,
            besideWriter,
            pool);
    this.commits = newCommits();
    if (settings.maintenance() == Maintenance.BACKGROUND) {
      background.start();
    }
    observers.opened(this);
  }

  private StoreJournal newJournal() {
    return medium instanceof DirectoryMedium directory && settings.commitLog() != CommitLog.NONE
        ? new LogJournal(pool, directory.last().nextSerial())
        : StoreJournal.none();
  }

  private Commits newCommits() {
    if (!(medium instanceof DirectoryMedium directory)) {
      return new MemoryCommits(settings.name());
    }
    if (!(journal instanceof LogJournal logJournal)) {
      return new SegmentCommits(directory, this::flush, writes, cuts, this::nextTable);
    }
    return new LogCommits(
        directory,
        logJournal,
        settings.commitLog() == CommitLog.SYNCED ? SyncPolicy.SYNCED : SyncPolicy.BUFFERED,
        settings.logMaxBytes(),
        pool,
        writes,
        cuts,
        this::nextTable,
        background::isRunning,
        background::wake);
  }

  private void maintainCommits() {
    commits.maintain();
  }

  /** Relief seals windows before they have taken the whole budget, so nobody need count then. */
  private long maxMemtableBytes() {
    long most = settings.memtableMaxBytes();
    return most < settings.budget().limitBytes() ? most : Long.MAX_VALUE;
  }

  private Collection<TableEngine> tableList() {
    return tables.values();
  }

  private void runWasSealed(SealedRun run) {
    runs.add(run);
    background.wake();
  }

  /**
   * Adds a table. With a commit log that is a write.
   *
   * @throws IllegalArgumentException if there is one of that name
   * @throws ConcurrentWriterException if another thread is in the middle of a write, and this is
   *     one
   */
  public TableEngine createTable(TableSettings table) {
    synchronized (tablesLock) {
      requireOpen();
      if (tables.containsKey(table.name())) {
        throw new IllegalArgumentException(
            "The store has a table of this name: table=" + table.name() + ", store=" + name());
      }
      journal.createTable(writes, nextTable, table.shape());
      TableEngine engine = new TableEngine(parts, nextTable++, table);
      addTable(engine);
      return engine;
    }
  }

  private void addTable(TableEngine table) {
    Map<String, TableEngine> more = new LinkedHashMap<>(tables);
    more.put(table.name(), table);
    tables = Collections.unmodifiableMap(more);
  }

  /**
   * Gives a table that was found in a directory the settings that are not kept there: those who are
   * told of its entries, and asked about them. For a table that nobody has seen yet.
   *
   * @param table settings of the same shape
   * @throws IllegalArgumentException if they have another shape
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   */
  public TableEngine reopenTable(TableSettings table) {
    synchronized (tablesLock) {
      TableEngine before = Objects.requireNonNull(tables.get(table.name()));
      before.requireSameShape(table);
      TableEngine engine = new TableEngine(parts, before.id(), table);
      writes.begin();
      try {
        before.handOnTo(engine);
        addTable(engine);
      } finally {
        writes.end();
      }
      return engine;
    }
  }

  /** Adds a table that has something already. */
  TableEngine restoreTable(int id, TableSettings table, TableImage image) {
    synchronized (tablesLock) {
      TableEngine engine = new TableEngine(parts, id, table);
      engine.restore(image);
      addTable(engine);
      nextTable = Math.max(nextTable, id + 1);
      return engine;
    }
  }

  /** Gives no new table an id below this one. */
  void reserveTables(int firstFree) {
    synchronized (tablesLock) {
      nextTable = Math.max(nextTable, firstFree);
    }
  }

  /** Lets commits begin behind what was found in a log and is here by now. */
  void beginCommits(RecoveredLog found) {
    commits.begin(found);
  }

  /** The next commit has to make last what was imported. */
  void wasImported() {
    commits.imported();
  }

  StoreParts parts() {
    return parts;
  }

  /**
   * Removes a table and all its entries, which are not reported; false if there is none.
   *
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if a drop listener calls this, or if the store is closed
   */
  public boolean dropTable(String table) {
    requireNotReporting();
    writes.begin();
    TableDrop drop = new TableDrop(table);
    writes.performQuietly(table, drop);
    if (drop.dropped != null) {
      drop.dropped.closeDrops();
    }
    return drop.dropped != null;
  }

  /** Removes one table. */
  private final class TableDrop extends WriteOperation {
    private final String name;
    private @Nullable TableEngine dropped;

    TableDrop(String name) {
      this.name = name;
    }

    @Override
    boolean apply() {
      TableEngine table = tables.get(name);
      if (table == null) {
        return false;
      }
      table.drop();
      remove(name);
      dropped = table;
      return true;
    }

    @Override
    Purpose purpose() {
      return Purpose.NO_GROWTH;
    }
  }

  private void remove(String table) {
    synchronized (tablesLock) {
      Map<String, TableEngine> fewer = new LinkedHashMap<>(tables);
      fewer.remove(table);
      tables = Collections.unmodifiableMap(fewer);
    }
  }

  /** All tables by name. */
  public Map<String, TableEngine> tables() {
    return tables;
  }

  /**
   * Does what the busy policy says if maintenance lags, after a write that did not.
   *
   * @throws io.timelog.TimelogBusyException if it says so; the writes were accepted
   */
  public void slowDown() {
    backpressure.apply();
  }

  /**
   * Seals and flushes everything that is in memory. For the writer.
   *
   * @throws MemoryBudgetExceededException if there is no room for a segment; what was not flushed
   *     is as it was
   */
  public void flush() {
    requireNotReporting();
    relieved(this::sealAndFlush);
  }

  /**
   * What does not fit stays in a window that takes writes, where garbage can still be freed without
   * a copy of what lives.
   */
  private void sealAndFlush() {
    boolean more = true;
    while (more) {
      long room = pool.roomForSegments(pool.availableBytes() + pool.pooledBytes());
      writes.begin();
      try {
        memtables.seal(room);
      } finally {
        writes.end();
      }
      boolean any = runs.count() > 0;
      rounds.flush();
      more = requireRoomForRest(any);
    }
  }

  /** Whether anything is left to flush. */
  private boolean requireRoomForRest(boolean anyFlushed) {
    for (TableEngine table : tables.values()) {
      long bytes = table.sealing().smallestBytes();
      if (bytes > 0) {
        if (!anyFlushed) {
          MemoryBudgetExceededException noRoom =
              new MemoryBudgetExceededException(
                  bytes, settings.budget().usedBytes(), settings.budget().limitBytes());
          throw refusals.explained(noRoom, table.name());
        }
        return true;
      }
    }
    return false;
  }

  /**
   * Merges the segments of every partition window that gets smaller by it.
   *
   * @throws MemoryBudgetExceededException if there is no room for a segment; what was not merged is
   *     as it was
   */
  public void compact() {
    requireNotReporting();
    requireOpen();
    relieved(rounds::compactAll);
  }

  /** One round of what is due; does nothing if the store is closed. */
  public void maintain() {
    requireNotReporting();
    if (!isClosed()) {
      rounds.runJoining(pool::roomForJoins);
      commits.maintain();
    }
  }

  /** Does work that needs memory; if it finds none, frees some, then more, then all that can be. */
  private void relieved(Runnable work) {
    long limit = settings.budget().limitBytes();
    long ask = limit / RESERVE_PART;
    try {
      while (true) {
        try {
          work.run();
          return;
        } catch (MemoryBudgetExceededException noRoom) {
          if (ask > limit || !writes.tryRelieve(Math.max(ask, noRoom.requestedBytes()))) {
            throw noRoom;
          }
          ask *= RELIEF_GROWTH;
        }
      }
    } finally {
      rounds.report();
    }
  }

  /**
   * Reports dropped entries that nobody can see any more, at most the batch limit of them; leaves
   * it to background maintenance if that is started.
   */
  public void drainDrops() {
    if (!background.isRunning()) {
      rounds.report();
    }
  }

  /** Starts background maintenance; does nothing if it is started. */
  public void startMaintenance() {
    requireNotReporting();
    requireOpen();
    background.start();
  }

  /**
   * Stops background maintenance and waits for a round of it; does nothing if it is not started.
   *
   * @throws IllegalStateException if a drop listener calls this
   */
  public void stopMaintenance() {
    requireNotReporting();
    background.stop();
  }

  /** Whether background maintenance is started. */
  public boolean isMaintained() {
    return background.isRunning();
  }

  private void requireNotReporting() {
    if (reporting.includeCaller()) {
      throw refusals.reporting();
    }
  }

  /**
   * All tables at this moment.
   *
   * @throws IllegalStateException if the store is closed
   */
  public SnapshotLease snapshot() {
    while (true) {
      requireOpen();
      long ticket = gate.awaitMoment();
      ReaderEpoch epoch = gate.presentEpoch();
      epoch.arrive();
      Map<TableEngine, SnapshotLease.Moment> moments = new LinkedHashMap<>();
      boolean complete = true;
      for (TableEngine table : tables.values()) {
        TableView view = table.currentView();
        complete &= view.tryRetain();
        if (!complete) {
          break;
        }
        moments.put(table, new SnapshotLease.Moment(view, table.currentFloor()));
      }
      if (complete && gate.isStill(ticket) && !isClosed()) {
        return new SnapshotLease(epoch, moments);
      }
      moments.values().forEach(taken -> taken.view().release());
      epoch.leave();
    }
  }

  /**
   * Begins an export of this moment: seals what is in memory, and holds everything. For the writer.
   *
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if a drop listener calls this, or if the store is closed
   */
  public StoreCut beginExport() {
    openExports.incrementAndGet();
    try {
      return cut(openExports::decrementAndGet);
    } catch (RuntimeException | Error e) {
      openExports.decrementAndGet();
      throw e;
    }
  }

  private StoreCut cut(Runnable whenReleased) {
    writes.begin();
    try {
      return cuts.all(whenReleased);
    } finally {
      writes.end();
    }
  }

  /**
   * Makes what was written so far last, together with a token. For the writer.
   *
   * @return the number of the commit
   * @throws MemoryBudgetExceededException if there is no room for a segment; nothing was committed
   * @throws io.timelog.TimelogStorageException if the file system refuses; a later commit contains
   *     everything
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if the store has no directory, if it is closed, or if a drop
   *     listener calls this
   */
  public long commit(CommitToken token) {
    Commits.Unsettled commit = write(token);
    StoreLog log = commit.log();
    if (log != null && log.awaitsForce()) {
      log.tryForce();
    }
    return settle(commit);
  }

  /** Begins a commit, which is to be {@linkplain #settle settled}. For the writer. */
  Commits.Unsettled write(CommitToken token) {
    requireNotReporting();
    return commits.write(token);
  }

  /** Ends a commit. */
  long settle(Commits.Unsettled commit) {
    try {
      return commit.settle();
    } finally {
      drainDrops();
    }
  }

  /**
   * Gives up the last commit. For the writer.
   *
   * @throws io.timelog.TimelogStorageException if the file system refuses
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if the store has no directory, if it is closed, or if a drop
   *     listener calls this
   */
  public void forgetCommit() {
    requireNotReporting();
    commits.forget();
  }

  private int nextTable() {
    synchronized (tablesLock) {
      return nextTable;
    }
  }

  /** The token of the last commit; null if there was none. */
  public @Nullable CommitToken committedToken() {
    return commits.token();
  }

  /** What was found when the directory of the store was opened. */
  public RecoveryReport recovery() {
    if (medium instanceof DirectoryMedium directory) {
      return directory.recovery();
    }
    throw new IllegalStateException(
        "The store is in memory only, open one in a directory to commit: store=" + name());
  }

  /** The name of the store. */
  public String name() {
    return settings.name();
  }

  /** The settings of the store. */
  public StoreSettings settings() {
    return settings;
  }

  SegmentStorage storage() {
    return storage;
  }

  /** What is taken of the budget for commits. For the writer. */
  long heldForCommits() {
    return commits.heldBytes();
  }

  /** Readers that are open: cursors, snapshots and exports. */
  public long openReaders() {
    return gate.openReaders() + openExports.get();
  }

  /** Deletes of which entries are still to be reported. */
  public int retiredQueueLength() {
    return rounds.unreported();
  }

  /** How often a drop listener threw. */
  public long dropListenerFailures() {
    return rounds.listenerFailures();
  }

  /** The store in numbers. */
  public StoreStats stats() {
    CacheFigures cache = medium.cache();
    return new StoreStats(
        settings.budget().usedBytes(),
        settings.budget().limitBytes(),
        pool.pooledBytes(),
        runs.count(),
        openReaders(),
        rounds.flushes(),
        rounds.compactions(),
        rounds.nanos(),
        backpressure.busyWrites(),
        rounds.unreported(),
        rounds.listenerFailures(),
        commits.uncommittedBytes(),
        commits.logBytes(),
        commits.committedBytes(),
        commits.forces(),
        medium.spilledBytes(),
        medium.retainedBytes(),
        commits.failures(),
        cache.bytes(),
        cache.hits(),
        cache.misses(),
        cache.readBytes());
  }

  /** Whether the store is closed. */
  public boolean isClosed() {
    return writes.isClosed();
  }

  /**
   * Fails if the store is closed.
   *
   * @throws IllegalStateException if it is
   */
  public void requireOpen() {
    if (isClosed()) {
      throw refusals.closed();
    }
  }

  /**
   * Closes the store: its entries are gone, but for what was committed to a directory. Open cursors
   * and snapshots stay readable and hold their memory until they are closed. Closing twice does
   * nothing.
   *
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if this thread is, or if a drop listener calls this
   */
  @Override
  public void close() {
    requireNotReporting();
    if (isClosed()) {
      return;
    }
    observers.closing(this);
    commits.prepareToClose();
    if (!writes.close()) {
      return;
    }
    background.stop();
    List<TableEngine> all = new ArrayList<>(tables.values());
    rounds.exclusively(
        () -> {
          all.forEach(TableEngine::close);
          runs.clear();
        });
    all.forEach(TableEngine::closeDrops);
    commits.close();
    storage.close();
    medium.close();
    pool.close();
  }
}
