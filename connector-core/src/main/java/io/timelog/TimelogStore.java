package io.timelog;

import io.timelog.internal.engine.SnapshotLease;
import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.StoreObservers;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.medium.MemoryMedium;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
 * <p>This store keeps everything in memory. What the {@link MemoryBudget} cannot hold is refused,
 * after flush and compaction have made what room they can.
 */
public final class TimelogStore implements AutoCloseable {
  private final StoreEngine engine;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  private TimelogStore(StoreEngine engine) {
    this.engine = engine;
  }

  /** The store over an engine that has tables already. */
  static TimelogStore over(StoreEngine engine) {
    TimelogStore store = new TimelogStore(engine);
    engine.tables().forEach((name, table) -> store.tables.put(name, new Table(engine, table)));
    return store;
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
