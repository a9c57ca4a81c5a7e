package io.timelog;

import io.timelog.internal.engine.SnapshotLease;
import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.segment.SegmentOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Named tables under one memory budget, with one writer and any number of readers.
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
 * <p>This store keeps everything in memory. What the {@link MemoryBudget} cannot hold is refused,
 * after flush and compaction have made what room they can.
 */
public final class TimelogStore implements AutoCloseable {
  /** Bytes of the budget of a store that is given none: 256 MiB. */
  public static final long DEFAULT_MEMORY_BUDGET_BYTES = 256L << 20;

  /** Sealed runs that may wait for a flush by default. */
  public static final int DEFAULT_SEALED_MAX_RUNS = 4;

  /** Dropped entries that are reported at once by default. */
  public static final int DEFAULT_DRAIN_BATCH_LIMIT = 1024;

  private final StoreEngine engine;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  private TimelogStore(StoreEngine engine) {
    this.engine = engine;
  }

  /** Settings with their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Adds a table.
   *
   * @throws IllegalArgumentException if the store has a table of that name
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

  /** Moves everything from memtables into segments, on the calling thread. For the writer. */
  public void flush() {
    engine.flush();
  }

  /** Merges segments wherever that saves memory or reads, on the calling thread. */
  public void compact() {
    engine.compact();
  }

  /** Starts the maintenance thread; does nothing if it runs. */
  public void startMaintenance() {
    engine.startMaintenance();
  }

  /** Stops the maintenance thread and waits for it; does nothing if it does not run. */
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
   * Closes the store; its entries are gone. Cursors and snapshots that are open stay readable, and
   * hold their memory, until they are closed. Closing twice does nothing.
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

  /** Collects the settings of a store; each setter checks its own value. */
  public static final class Builder {
    private static final int MIN_MEMTABLE_BYTES = 4096;

    private String name = "timelog";
    private MemoryBudget budget = MemoryBudget.ofBytes(DEFAULT_MEMORY_BUDGET_BYTES);
    private Maintenance maintenance = Maintenance.DISABLED;
    private BusyPolicy busyPolicy = BusyPolicy.FLUSH;
    private long memtableMaxBytes;
    private int targetPageBytes = SegmentOptions.DEFAULT_TARGET_PAGE_BYTES;
    private int sealedMaxRuns = DEFAULT_SEALED_MAX_RUNS;
    private int drainBatchLimit = DEFAULT_DRAIN_BATCH_LIMIT;

    private Builder() {}

    /** A name for messages and threads. Default: {@code timelog}. */
    public Builder name(String storeName) {
      name = Objects.requireNonNull(storeName, "storeName");
      return this;
    }

    /** The memory that the store may hold. Default: {@value #DEFAULT_MEMORY_BUDGET_BYTES} bytes. */
    public Builder memoryBudget(MemoryBudget memoryBudget) {
      budget = Objects.requireNonNull(memoryBudget, "memoryBudget");
      return this;
    }

    /** Who flushes and compacts. Default: {@link Maintenance#DISABLED}. */
    public Builder maintenance(Maintenance mode) {
      maintenance = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /** What a write does when maintenance lags. Default: {@link BusyPolicy#FLUSH}. */
    public Builder busyPolicy(BusyPolicy policy) {
      busyPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * The size in bytes at which the memtables of all tables together are sealed. Default: half of
     * the memory budget, so that state that dies young is never written anywhere else.
     *
     * @throws IllegalArgumentException if it is below 4096
     */
    public Builder memtableMaxBytes(long bytes) {
      if (bytes < MIN_MEMTABLE_BYTES) {
        throw new IllegalArgumentException(
            "memtableMaxBytes must be at least "
                + MIN_MEMTABLE_BYTES
                + ": memtableMaxBytes="
                + bytes);
      }
      memtableMaxBytes = bytes;
      return this;
    }

    /**
     * The size in bytes that pages of segments should have. Default: 64 KiB.
     *
     * @throws IllegalArgumentException if it is out of bounds
     */
    public Builder targetPageBytes(int bytes) {
      if (bytes < SegmentOptions.MIN_TARGET_PAGE_BYTES
          || bytes > SegmentOptions.MAX_TARGET_PAGE_BYTES) {
        throw new IllegalArgumentException(
            "targetPageBytes must lie between "
                + SegmentOptions.MIN_TARGET_PAGE_BYTES
                + " and "
                + SegmentOptions.MAX_TARGET_PAGE_BYTES
                + ": targetPageBytes="
                + bytes);
      }
      targetPageBytes = bytes;
      return this;
    }

    /**
     * How many sealed runs may wait for a flush before the busy policy speaks. Default: {@value
     * #DEFAULT_SEALED_MAX_RUNS}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder sealedMaxRuns(int runs) {
      if (runs < 0) {
        throw new IllegalArgumentException(
            "sealedMaxRuns must not be negative: sealedMaxRuns=" + runs);
      }
      sealedMaxRuns = runs;
      return this;
    }

    /**
     * How many dropped entries are reported at once. Default: {@value #DEFAULT_DRAIN_BATCH_LIMIT}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder drainBatchLimit(int entries) {
      if (entries <= 0) {
        throw new IllegalArgumentException(
            "drainBatchLimit must be positive: drainBatchLimit=" + entries);
      }
      drainBatchLimit = entries;
      return this;
    }

    /**
     * An empty store.
     *
     * @throws IllegalArgumentException if the memtables may take more than the budget
     */
    public TimelogStore build() {
      long memtable = memtableMaxBytes == 0 ? budget.limitBytes() / 2 : memtableMaxBytes;
      if (memtable > budget.limitBytes()) {
        throw new IllegalArgumentException(
            "memtableMaxBytes must not exceed the memory budget: memtableMaxBytes="
                + memtable
                + ", limitBytes="
                + budget.limitBytes());
      }
      return new TimelogStore(
          new StoreEngine(
              new StoreSettings(
                  name,
                  budget,
                  maintenance,
                  busyPolicy,
                  memtable,
                  targetPageBytes,
                  sealedMaxRuns,
                  drainBatchLimit)));
    }
  }
}
