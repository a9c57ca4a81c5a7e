package io.timelog.flink.internal.metrics;

import io.timelog.StoreStats;
import io.timelog.TableStats;
import io.timelog.TimelogStore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The gauges of a backend, in the group {@value #GROUP} of its operator. Flink removes them with
 * the operator. They are read on any thread and stop nobody; of a closed backend they are 0.
 *
 * <pre>
 *   memoryUsedBytes       bytes used of the memory of the slot, by all backends in it
 *   memoryLimitBytes      the memory of the slot
 *   memoryPooledBytes     bytes used that are free for any backend of the slot
 *   memtableBytes         bytes of this backend that can be written in place
 *   segmentBytes          bytes of this backend in compacted form
 *   entries               about how many entries there are, hidden ones included
 *   partitionWindows      slices of time that hold anything
 *   openReaders           snapshots that are being read
 *   oldestSnapshotAgeMs   for how long the oldest of them has kept what was written over since
 *   droppedEntries        that went with the whole slice of time in which they lay, so far
 *   expiredEntries        that flushes and compactions left out because their time to live was
 *                         over, so far
 *   flushes               so far
 *   compactions           so far
 *   maintenanceTimeMs     spent in flushes and compactions so far
 * </pre>
 */
public final class BackendMetrics {
  /** The group of the gauges. */
  public static final String GROUP = "timelog";

  private final TimelogStore store;

  private BackendMetrics(TimelogStore store) {
    this.store = store;
  }

  /** Adds the gauges of a store to the metrics of an operator. */
  public static void register(MetricGroup operator, TimelogStore store) {
    MetricGroup group = operator.addGroup(GROUP);
    BackendMetrics metrics = new BackendMetrics(store);
    group.gauge("memoryUsedBytes", metrics.ofStore(StoreStats::budgetUsedBytes));
    group.gauge("memoryLimitBytes", metrics.ofStore(StoreStats::budgetLimitBytes));
    group.gauge("memoryPooledBytes", metrics.ofStore(StoreStats::pooledBytes));
    group.gauge("memtableBytes", metrics.sum(TableStats::memtableBytes));
    group.gauge("segmentBytes", metrics.sum(TableStats::segmentBytes));
    group.gauge("entries", metrics.sum(TableStats::sizeEstimate));
    group.gauge("partitionWindows", metrics.sum(TableStats::windows));
    group.gauge("openReaders", metrics.ofStore(StoreStats::openReaders));
    group.gauge("oldestSnapshotAgeMs", metrics.max(TableStats::snapshotAgeMillis));
    group.gauge("droppedEntries", metrics.sum(TableStats::droppedEntries));
    group.gauge("expiredEntries", metrics.sum(TableStats::filteredEntries));
    group.gauge("flushes", metrics.ofStore(StoreStats::flushes));
    group.gauge("compactions", metrics.ofStore(StoreStats::compactions));
    group.gauge(
        "maintenanceTimeMs",
        metrics.ofStore(stats -> TimeUnit.NANOSECONDS.toMillis(stats.maintenanceNanos())));
  }

  private Gauge<Long> ofStore(ToLongFunction<StoreStats> number) {
    return () -> whileOpen(() -> number.applyAsLong(store.stats()));
  }

  private Gauge<Long> sum(ToLongFunction<TableStats> number) {
    return () -> whileOpen(() -> tables(number).sum());
  }

  private Gauge<Long> max(ToLongFunction<TableStats> number) {
    return () -> whileOpen(() -> tables(number).max().orElse(0));
  }

  private LongStream tables(ToLongFunction<TableStats> number) {
    return store.tables().stream().mapToLong(name -> number.applyAsLong(store.table(name).stats()));
  }

  private interface Reading {
    long read();
  }

  private long whileOpen(Reading reading) {
    try {
      return store.isClosed() ? 0 : reading.read();
    } catch (IllegalStateException | IllegalArgumentException e) {
      // Closed meanwhile, or a table was dropped.
      return 0;
    }
  }
}
