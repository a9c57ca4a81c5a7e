package io.timelog.kafka.internal.metrics;

import io.timelog.StoreStats;
import io.timelog.TableStats;
import java.util.function.ToDoubleBiFunction;

/** A number that every store tells of itself. Each is read from the engine when it is asked for. */
enum StoreMetric {
  LIVE_WINDOWS(
      "live-windows", "partition windows that hold anything", (table, store) -> table.windows()),
  ENTRIES_ESTIMATE(
      "entries-estimate",
      "rows held, those counted that are replaced or deleted and not yet dropped",
      (table, store) -> table.sizeEstimate()),
  MEMTABLE_BYTES(
      "memtable-bytes", "bytes where writes land", (table, store) -> table.memtableBytes()),
  SEGMENT_BYTES("segment-bytes", "bytes of segments", (table, store) -> table.segmentBytes()),
  SPILLED_BYTES(
      "spilled-bytes-total",
      "bytes moved to files because memory was short",
      (table, store) -> store.spilledBytes()),
  COMMIT_LOG_BYTES(
      "commit-log-bytes",
      "bytes of log that a start would have to do again",
      (table, store) -> store.logBytes()),
  RETAINED_BYTES(
      "retained-bytes",
      "bytes of files of which nothing is needed but by the last commit",
      (table, store) -> store.retainedBytes()),
  STORAGE_FAILURES(
      "storage-failures-total",
      "refusals of the file system of what is tried again",
      (table, store) -> store.storageFailures()),
  CACHE_BYTES(
      "cache-bytes",
      "bytes of the budget that all stores together have of what was read from files",
      (table, store) -> store.cacheBytes()),
  CACHE_HITS(
      "cache-hits-total",
      "parts of files that were asked for and were in memory, of all stores together",
      (table, store) -> store.cacheHits()),
  CACHE_MISSES(
      "cache-misses-total",
      "parts of files that were asked for and had to be read, of all stores together",
      (table, store) -> store.cacheMisses()),
  POOLED_BYTES("pooled-bytes", "free bytes kept for reuse", (table, store) -> store.pooledBytes()),
  BUDGET_USED_BYTES(
      "budget-used-bytes",
      "bytes that all Timelog stores of the application hold together",
      (table, store) -> store.budgetUsedBytes()),
  BUDGET_LIMIT_BYTES(
      "budget-limit-bytes",
      "bytes that they may hold together",
      (table, store) -> store.budgetLimitBytes()),
  OPEN_READERS(
      "open-readers",
      "open iterators; those that are never closed keep memory for ever",
      (table, store) -> store.openReaders()),
  SNAPSHOT_AGE(
      "snapshot-age-ms",
      "milliseconds for which the oldest open iterator has kept replaced memory from being freed",
      (table, store) -> table.snapshotAgeMillis()),
  FLOOR(
      "floor-timestamp",
      "the newest timestamp before which everything was deleted; NaN if there is none",
      (table, store) -> table.floor() == Long.MIN_VALUE ? Double.NaN : table.floor()),
  DROPPED_ENTRIES(
      "entries-dropped-total",
      "rows dropped with their whole partition window, by expiry or a delete",
      (table, store) -> table.droppedEntries()),
  PENDING_DELETES(
      "pending-deletes",
      "deletes over all keys that still hide rows which are in memory",
      (table, store) -> table.tombstones()),
  MAINTENANCE_TIME(
      "maintenance-time-ns-total",
      "nanoseconds spent in flushes and compactions",
      (table, store) -> store.maintenanceNanos()),
  FLUSHES("flushes-total", "flushes", (table, store) -> store.flushes()),
  COMPACTIONS("compactions-total", "compactions", (table, store) -> store.compactions()),
  SEALED_RUNS(
      "sealed-runs",
      "maintenance debt: full memtables that wait for a flush",
      (table, store) -> store.sealedRuns()),
  LEVEL0_SEGMENTS(
      "level0-segments",
      "maintenance debt: segments that wait for a compaction",
      (table, store) -> table.level0Segments()),
  BUSY_WRITES(
      "busy-writes-total",
      "writes that had to flush first because maintenance lagged",
      (table, store) -> store.busyWrites());

  private final String metricName;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // None of the functions has any state.
  private final ToDoubleBiFunction<TableStats, StoreStats> value;

  StoreMetric(
      String metricName, String description, ToDoubleBiFunction<TableStats, StoreStats> value) {
    this.metricName = metricName;
    this.description = description;
    this.value = value;
  }

  String metricName() {
    return metricName;
  }

  String description() {
    return description;
  }

  double of(StoreFigures figures) {
    return value.applyAsDouble(figures.table(), figures.store());
  }
}
