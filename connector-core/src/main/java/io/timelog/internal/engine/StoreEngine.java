package io.timelog.internal.engine;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoreStats;
import io.timelog.TimelogBusyException;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.view.TableView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store: tables that share a writer, a memory budget and maintenance.
 *
 * <p>Methods named after writes are for one thread at a time, everything else for any.
 */
public final class StoreEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreEngine.class);

  /**
   * Rows are stamped relative to their window with 31 bits; long before these run out, all are
   * sealed.
   */
  private static final long SEAL_AFTER_VERSIONS = 1L << 30;

  /** How much of a window is tidied when memory was taken: about a millisecond. */
  private static final int TIDYING_EFFORT = 16_384;

  /** Told of every store; the test kit checks with it that none is left open or in disorder. */
  private static volatile EngineObserver observer = EngineObserver.NONE;

  private final StoreSettings settings;
  private final WriterGate gate;
  private final MemoryAccount pool;
  private final MemoryStorage storage;
  private final Object publicationLock = new Object();
  private final ReentrantLock maintenanceLock = new ReentrantLock();
  private final ArrayDeque<SealedRun> sealedRuns = new ArrayDeque<>();
  private final AtomicLong segmentNumber = new AtomicLong();
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong compactions = new AtomicLong();
  private final AtomicLong maintenanceNanos = new AtomicLong();
  private final AtomicLong busyWrites = new AtomicLong();
  private volatile Map<String, TableEngine> tables = Map.of();
  private volatile int sealedRunCount;
  private volatile boolean closed;
  private volatile @Nullable BackgroundMaintenance background;
  private int seenGrowths;
  private boolean starved;
  private long sealedAtVersion;

  /** An empty store that keeps its segments in memory. */
  public StoreEngine(StoreSettings settings) {
    this.settings = settings;
    this.gate = new WriterGate(settings.name());
    this.pool = new MemoryAccount(settings.pool());
    this.storage = new MemoryStorage(pool);
    if (settings.maintenance() == Maintenance.BACKGROUND) {
      startMaintenance();
    }
    observer.opened(this);
  }

  /** Has the observer told of every store from now on. */
  static void observe(EngineObserver newObserver) {
    observer = newObserver;
  }

  // ---- tables ------------------------------------------------------------------------------

  /**
   * Adds a table.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public TableEngine createTable(TableSettings table) {
    synchronized (publicationLock) {
      requireOpen();
      if (tables.containsKey(table.name())) {
        throw new IllegalArgumentException(
            "The store has a table of this name: table=" + table.name() + ", store=" + name());
      }
      TableEngine engine = new TableEngine(this, table);
      Map<String, TableEngine> more = new LinkedHashMap<>(tables);
      more.put(table.name(), engine);
      tables = more;
      return engine;
    }
  }

  /** Removes a table and all its entries, which are not reported; false if there is none. */
  public boolean dropTable(String table) {
    TableEngine dropped;
    beginWrite();
    try {
      synchronized (publicationLock) {
        Map<String, TableEngine> fewer = new LinkedHashMap<>(tables);
        dropped = fewer.remove(table);
        tables = fewer;
        if (dropped == null) {
          return false;
        }
        dropped.drop();
      }
    } finally {
      endWrite();
    }
    dropped.closeDrops();
    return true;
  }

  /** All tables by name. */
  public Map<String, TableEngine> tables() {
    return tables;
  }

  // ---- writes ------------------------------------------------------------------------------

  /**
   * Begins a write.
   *
   * @throws io.timelog.ConcurrentWriterException if another thread is in the middle of one
   * @throws IllegalStateException if this thread is, or if the store is closed
   */
  public void beginWrite() {
    gate.enter();
    if (closed) {
      gate.exit();
      throw closedException();
    }
  }

  /** Ends a write. */
  public void endWrite() {
    gate.exit();
  }

  /**
   * Looks after memory when a write is over: seals the memtable when it is full, and does what the
   * busy policy says when too many runs wait.
   *
   * @throws TimelogBusyException under {@link BusyPolicy#RAISE}; the write was accepted
   */
  public void afterWrite() {
    if (pool.growths() != seenGrowths || gate.version() - sealedAtVersion >= SEAL_AFTER_VERSIONS) {
      seenGrowths = pool.growths();
      lookAtMemory();
    }
    if (sealedRunCount > settings.sealedMaxRuns()) {
      busy();
    }
  }

  /**
   * Sets memory aside for writes that must not run out of it half-way, until {@link #settle()}.
   *
   * @throws MemoryBudgetExceededException if the budget has no room; nothing is set aside
   */
  public void setAside(long bytes) {
    pool.prefund(bytes);
  }

  /** Gives back what was set aside and not needed. */
  public void settle() {
    pool.settle();
  }

  /** Between two writes of one call: gives readers that wait a moment in which they can begin. */
  public void letReadersIn() {
    gate.letReadersIn();
  }

  private void lookAtMemory() {
    boolean garbage = false;
    for (TableEngine table : tables.values()) {
      garbage |= table.active().haveGarbage();
    }
    boolean versionsRunOut = gate.version() - sealedAtVersion >= SEAL_AFTER_VERSIONS;
    if (!garbage && !versionsRunOut && activeBytes() < settings.memtableMaxBytes()) {
      return;
    }
    gate.enter();
    try {
      for (TableEngine table : tables.values()) {
        table.active().tidy(TIDYING_EFFORT);
      }
      if (versionsRunOut || activeBytes() >= settings.memtableMaxBytes()) {
        sealAll();
      }
      seenGrowths = pool.growths();
    } finally {
      gate.exit();
    }
    wakeMaintenance();
  }

  private long activeBytes() {
    long active = 0;
    for (TableEngine table : tables.values()) {
      active += table.active().bytes();
    }
    return active;
  }

  /** Freezes all active windows into one run. Inside a write. */
  private void sealAll() {
    List<SealedRun.Part> run = new ArrayList<>();
    for (TableEngine table : tables.values()) {
      table.active().sealAll(run);
    }
    sealedAtVersion = gate.version();
    addRun(run);
  }

  /** Freezes one window into a run of its own. Inside a write. */
  void sealOnly(ActiveWindows windows, MemtableWindow window) {
    List<SealedRun.Part> run = new ArrayList<>();
    windows.seal(window, run);
    addRun(run);
    wakeMaintenance();
  }

  private void addRun(List<SealedRun.Part> parts) {
    if (!parts.isEmpty()) {
      synchronized (sealedRuns) {
        sealedRuns.addLast(new SealedRun(parts));
        sealedRunCount = sealedRuns.size();
      }
    }
  }

  private void busy() {
    busyWrites.incrementAndGet();
    switch (settings.busyPolicy()) {
      case RAISE -> throw new TimelogBusyException(sealedRunCount, settings.sealedMaxRuns());
      case SILENT -> {}
      case FLUSH -> flushQuietly();
    }
  }

  /** The write that led here was accepted, so what the flush meets must not fail it. */
  private void flushQuietly() {
    try {
      flushSealedRuns();
      compactDue();
      starved = false;
    } catch (MemoryBudgetExceededException e) {
      // At the bound this is so for every write, until something is deleted.
      if (!starved) {
        LOG.warn("A flush found no memory; sealed runs wait: store={}", name(), e);
      }
      starved = true;
    } catch (RuntimeException e) {
      LOG.error("A flush failed; sealed runs wait: store={}", name(), e);
    }
  }

  /** Frees what can be freed when the budget is exhausted: flush, then compaction. */
  public void relieve() {
    try {
      gate.enter();
      try {
        for (TableEngine table : tables.values()) {
          table.active().tidy(Integer.MAX_VALUE);
        }
        sealAll();
      } finally {
        gate.exit();
      }
      flushSealedRuns();
      compactEverything();
    } catch (MemoryBudgetExceededException e) {
      LOG.debug("Relief found no memory to work with: store={}", name(), e);
    }
    drainDrops(Integer.MAX_VALUE);
    pool.trim();
  }

  // ---- maintenance -------------------------------------------------------------------------

  /** Seals and flushes everything that is in memory. For the writer. */
  public void flush() {
    beginWrite();
    try {
      sealAll();
    } finally {
      endWrite();
    }
    flushSealedRuns();
    drainDrops(settings.drainBatchLimit());
  }

  /** Merges the segments of every partition window that gets smaller by it. */
  public void compact() {
    requireOpen();
    compactEverything();
    drainDrops(settings.drainBatchLimit());
  }

  private void compactEverything() {
    long started = beginMaintenance();
    try {
      for (TableEngine table : tables.values()) {
        table.maintenance().compactAll();
      }
      compactions.incrementAndGet();
    } finally {
      endMaintenance(started);
    }
  }

  private void flushSealedRuns() {
    long started = beginMaintenance();
    try {
      while (true) {
        SealedRun run;
        synchronized (sealedRuns) {
          run = sealedRuns.peekFirst();
        }
        if (run == null) {
          return;
        }
        for (SealedRun.Part part : run.parts()) {
          part.maintenance().flush(part.source());
        }
        flushes.incrementAndGet();
        synchronized (sealedRuns) {
          sealedRuns.removeFirst();
          sealedRunCount = sealedRuns.size();
        }
      }
    } finally {
      endMaintenance(started);
    }
  }

  private void compactDue() {
    long started = beginMaintenance();
    try {
      for (TableEngine table : tables.values()) {
        if (table.maintenance().compactDue()) {
          compactions.incrementAndGet();
        }
      }
    } finally {
      endMaintenance(started);
    }
  }

  private long beginMaintenance() {
    maintenanceLock.lock();
    return System.nanoTime();
  }

  private void endMaintenance(long started) {
    maintenanceNanos.addAndGet(System.nanoTime() - started);
    maintenanceLock.unlock();
  }

  /** One round of background maintenance; whether there may be more to do. */
  boolean maintain() {
    flushSealedRuns();
    compactDue();
    drainDrops(settings.drainBatchLimit());
    return sealedRunCount > 0 || retiredQueueLength() > 0;
  }

  private void drainDrops(int limit) {
    for (TableEngine table : tables.values()) {
      DropQueue drops = table.drops();
      if (drops != null && !drops.isEmpty()) {
        drops.drain(limit);
      }
    }
  }

  /**
   * Reports dropped entries that nobody can see any more, at most the batch limit of them; leaves
   * it to the maintenance thread if there is one.
   */
  public void drainDrops() {
    if (background == null) {
      drainDrops(settings.drainBatchLimit());
    }
  }

  /** Starts the maintenance thread; does nothing if it runs. */
  public synchronized void startMaintenance() {
    requireOpen();
    if (background == null) {
      BackgroundMaintenance started = new BackgroundMaintenance(this);
      background = started;
      started.start();
    }
  }

  /** Stops the maintenance thread and waits for it; does nothing if it does not run. */
  public synchronized void stopMaintenance() {
    BackgroundMaintenance running = background;
    background = null;
    if (running != null) {
      running.stop();
    }
  }

  /** Whether the maintenance thread runs. */
  public synchronized boolean isMaintained() {
    return background != null;
  }

  void wakeMaintenance() {
    BackgroundMaintenance running = background;
    if (running != null) {
      running.wake();
    }
  }

  // ---- reads -------------------------------------------------------------------------------

  /** All tables at this moment. */
  public SnapshotLease snapshot() {
    gate.readerArrives();
    if (closed) {
      gate.readerLeft();
      throw closedException();
    }
    while (true) {
      long moment = gate.awaitMoment();
      long version = gate.version();
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
      if (complete && gate.isStill(moment)) {
        return new SnapshotLease(gate, moments, version);
      }
      moments.values().forEach(taken -> taken.view().release());
    }
  }

  // ---- state -------------------------------------------------------------------------------

  /** The name of the store. */
  public String name() {
    return settings.name();
  }

  /** The settings of the store. */
  public StoreSettings settings() {
    return settings;
  }

  WriterGate gate() {
    return gate;
  }

  MemoryAccount pool() {
    return pool;
  }

  SegmentStorage storage() {
    return storage;
  }

  Object publicationLock() {
    return publicationLock;
  }

  String nextSegmentName(String table) {
    return table + "-" + segmentNumber.incrementAndGet();
  }

  /** Sealed runs that wait for a flush. */
  public int sealedRunCount() {
    return sealedRunCount;
  }

  /** Readers that are open: cursors and snapshots. */
  public long openReaders() {
    return gate.openReaders();
  }

  /** Runs flushed since the store was made. */
  public long flushes() {
    return flushes.get();
  }

  /** Compactions that merged anything, and explicit ones, since the store was made. */
  public long compactions() {
    return compactions.get();
  }

  /** Writes that met more sealed runs than allowed. */
  public long busyWrites() {
    return busyWrites.get();
  }

  /** Partition windows with dropped entries that are still to be reported. */
  public int retiredQueueLength() {
    int length = 0;
    for (TableEngine table : tables.values()) {
      DropQueue drops = table.drops();
      length += drops == null ? 0 : drops.length();
    }
    return length;
  }

  /** How often a drop listener threw. */
  public long dropListenerFailures() {
    long failures = 0;
    for (TableEngine table : tables.values()) {
      DropQueue drops = table.drops();
      failures += drops == null ? 0 : drops.failures();
    }
    return failures;
  }

  /** The store in numbers. */
  public StoreStats stats() {
    return new StoreStats(
        settings.budget().usedBytes(),
        settings.budget().limitBytes(),
        pool.pooledBytes(),
        sealedRunCount,
        gate.openReaders(),
        flushes.get(),
        compactions.get(),
        maintenanceNanos.get(),
        busyWrites.get(),
        retiredQueueLength(),
        dropListenerFailures());
  }

  /** Whether the store is closed. */
  public boolean isClosed() {
    return closed;
  }

  IllegalStateException closedException() {
    return new IllegalStateException("The store is closed: store=" + name());
  }

  /**
   * Fails if the store is closed.
   *
   * @throws IllegalStateException if it is
   */
  public void requireOpen() {
    if (closed) {
      throw closedException();
    }
  }

  /**
   * Closes the store: its entries are gone. Open cursors and snapshots stay readable and hold their
   * memory until they are closed. Closing twice does nothing.
   */
  @Override
  public void close() {
    if (!closed) {
      observer.closing(this);
    }
    gate.enter();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      gate.exit();
    }
    stopMaintenance();
    maintenanceLock.lock();
    try {
      for (TableEngine table : tables.values()) {
        table.close();
      }
      synchronized (sealedRuns) {
        sealedRuns.clear();
        sealedRunCount = 0;
      }
    } finally {
      maintenanceLock.unlock();
    }
    for (TableEngine table : tables.values()) {
      table.closeDrops();
    }
    storage.close();
    pool.close();
  }
}
