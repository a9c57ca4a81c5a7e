package io.timelog;

import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.engine.WindowGrid;
import io.timelog.internal.segment.SegmentOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link Timelog}. Each setter checks its own value, {@link #build()}
 * how they go together. Not thread-safe.
 */
public final class TimelogBuilder<V> {
  /** Bytes at which a memtable is sealed by default: 1 MiB. */
  public static final long DEFAULT_MEMTABLE_MAX_BYTES = 1 << 20;

  /** Bytes that a page of a segment should have by default: 64 KiB. */
  public static final long DEFAULT_TARGET_PAGE_BYTES = SegmentOptions.DEFAULT_TARGET_PAGE_BYTES;

  /** Sealed runs that may wait for a flush by default. */
  public static final int DEFAULT_SEALED_MAX_RUNS = TimelogStore.DEFAULT_SEALED_MAX_RUNS;

  /** Dropped entries that are reported at once by default. */
  public static final int DEFAULT_DRAIN_BATCH_LIMIT = TimelogStore.DEFAULT_DRAIN_BATCH_LIMIT;

  /** Bytes of the memory budget of a log that is given none: 256 MiB. */
  public static final long DEFAULT_MEMORY_BUDGET_BYTES = TimelogStore.DEFAULT_MEMORY_BUDGET_BYTES;

  private static final long MIN_MEMTABLE_BYTES = 4096;

  private final Function<@Nullable DropListener<? super V>, Payloads<V>> payloads;
  private String name = "timelog";
  private TimePrecision timePrecision = TimePrecision.MILLIS;
  private MemoryBudget memoryBudget = MemoryBudget.ofBytes(DEFAULT_MEMORY_BUDGET_BYTES);
  private Maintenance maintenance = Maintenance.DISABLED;
  private BusyPolicy busyPolicy = BusyPolicy.FLUSH;
  private long memtableMaxBytes = DEFAULT_MEMTABLE_MAX_BYTES;
  private long targetPageBytes = DEFAULT_TARGET_PAGE_BYTES;
  private int sealedMaxRuns = DEFAULT_SEALED_MAX_RUNS;
  private int drainBatchLimit = DEFAULT_DRAIN_BATCH_LIMIT;
  private @Nullable Long windowTicks;
  private @Nullable Duration windowDuration;
  private @Nullable Long originTicks;
  private @Nullable Instant originInstant;
  private @Nullable DropListener<? super V> dropListener;

  TimelogBuilder(Function<@Nullable DropListener<? super V>, Payloads<V>> payloads) {
    this.payloads = payloads;
  }

  /** A name for messages and threads. Default: {@code timelog}. */
  public TimelogBuilder<V> name(String logName) {
    name = Objects.requireNonNull(logName, "logName");
    return this;
  }

  /** The unit of timestamps. Default: {@link TimePrecision#MILLIS}. */
  public TimelogBuilder<V> timePrecision(TimePrecision precision) {
    timePrecision = Objects.requireNonNull(precision, "precision");
    return this;
  }

  /**
   * The memory that the log may hold, objects of {@link Timelog#objects()} not counted. Default:
   * {@value #DEFAULT_MEMORY_BUDGET_BYTES} bytes of its own.
   */
  public TimelogBuilder<V> memoryBudget(MemoryBudget budget) {
    memoryBudget = Objects.requireNonNull(budget, "budget");
    return this;
  }

  /** Who flushes and compacts. Default: {@link Maintenance#DISABLED}. */
  public TimelogBuilder<V> maintenance(Maintenance mode) {
    maintenance = Objects.requireNonNull(mode, "mode");
    return this;
  }

  /** What a write does when maintenance lags. Default: {@link BusyPolicy#FLUSH}. */
  public TimelogBuilder<V> busyPolicy(BusyPolicy policy) {
    busyPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * The size in bytes at which the memtable is sealed. Default: {@value
   * #DEFAULT_MEMTABLE_MAX_BYTES}.
   *
   * @throws IllegalArgumentException if it is below 4096
   */
  public TimelogBuilder<V> memtableMaxBytes(long bytes) {
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
   * The size in bytes that pages of segments should have, from {@value
   * SegmentOptions#MIN_TARGET_PAGE_BYTES} to {@value SegmentOptions#MAX_TARGET_PAGE_BYTES}.
   * Default: {@value #DEFAULT_TARGET_PAGE_BYTES}.
   *
   * @throws IllegalArgumentException if it is out of bounds
   */
  public TimelogBuilder<V> targetPageBytes(long bytes) {
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
  public TimelogBuilder<V> sealedMaxRuns(int runs) {
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
  public TimelogBuilder<V> drainBatchLimit(int entries) {
    if (entries <= 0) {
      throw new IllegalArgumentException(
          "drainBatchLimit must be positive: drainBatchLimit=" + entries);
    }
    drainBatchLimit = entries;
    return this;
  }

  /**
   * The width of partition windows, in ticks of the time precision. Default: it follows the span of
   * time that the log holds. A log with over {@value WindowGrid#MAX_DECLARED_WINDOWS} windows makes
   * further ones wider.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public TimelogBuilder<V> windowSize(long ticks) {
    if (ticks <= 0) {
      throw new IllegalArgumentException("windowSize must be positive: windowSize=" + ticks);
    }
    windowTicks = ticks;
    windowDuration = null;
    return this;
  }

  /**
   * As {@link #windowSize(long)}; must be a whole number of ticks of the time precision.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public TimelogBuilder<V> windowSize(Duration size) {
    if (size.isZero() || size.isNegative()) {
      throw new IllegalArgumentException("windowSize must be positive: windowSize=" + size);
    }
    windowDuration = size;
    windowTicks = null;
    return this;
  }

  /** A timestamp at which a partition window starts. Default: 0. Needs a window size. */
  public TimelogBuilder<V> windowOrigin(long timestamp) {
    originTicks = timestamp;
    originInstant = null;
    return this;
  }

  /** As {@link #windowOrigin(long)}. */
  public TimelogBuilder<V> windowOrigin(Instant instant) {
    originInstant = Objects.requireNonNull(instant, "instant");
    originTicks = null;
    return this;
  }

  /** Told of every entry that a delete removed for good. Default: nobody. */
  public TimelogBuilder<V> dropListener(DropListener<? super V> listener) {
    dropListener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * An empty log with these settings.
   *
   * @throws IllegalArgumentException if the memtable may take more than the memory budget, or if
   *     there is a window origin without a window size
   * @throws ArithmeticException if the window size or origin cannot be expressed in the time
   *     precision
   */
  public Timelog<V> build() {
    if (memtableMaxBytes > memoryBudget.limitBytes()) {
      throw new IllegalArgumentException(
          "memtableMaxBytes must not exceed the memory budget: memtableMaxBytes="
              + memtableMaxBytes
              + ", limitBytes="
              + memoryBudget.limitBytes());
    }
    WindowGrid grid = grid();
    StoreSettings settings =
        new StoreSettings(
            name,
            memoryBudget,
            maintenance,
            busyPolicy,
            memtableMaxBytes,
            (int) targetPageBytes,
            sealedMaxRuns,
            drainBatchLimit);
    return new Timelog<>(settings, grid, timePrecision, payloads.apply(dropListener));
  }

  private WindowGrid grid() {
    Long size = windowDuration == null ? windowTicks : Long.valueOf(ticks(windowDuration));
    Long origin = originInstant == null ? originTicks : Long.valueOf(timestamp(originInstant));
    if (size != null) {
      return WindowGrid.declared(size, origin == null ? 0 : origin);
    }
    if (origin != null) {
      throw new IllegalArgumentException(
          "windowOrigin needs a windowSize, and none is set: windowOrigin=" + origin);
    }
    return WindowGrid.adaptive();
  }

  private long ticks(Duration duration) {
    return timePrecision.toTicks(duration);
  }

  private long timestamp(Instant instant) {
    return timePrecision.toTimestamp(instant);
  }
}
