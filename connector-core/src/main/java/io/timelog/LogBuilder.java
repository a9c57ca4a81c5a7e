package io.timelog;

import io.timelog.internal.engine.WindowGrid;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Timelog}, whatever its values are. Not thread-safe.
 *
 * @param <B> the builder itself, which every setter returns
 */
public abstract sealed class LogBuilder<B extends LogBuilder<B>> extends StoreBuilder<B>
    permits TimelogBuilder, ObjectLogBuilder {
  /** Bytes at which the memtable of a log is sealed by default: 1 MiB. */
  public static final long DEFAULT_MEMTABLE_MAX_BYTES = 1 << 20;

  private TimePrecision timePrecision = TimePrecision.MILLIS;
  private @Nullable Long windowTicks;
  private @Nullable Duration windowDuration;
  private @Nullable Long originTicks;
  private @Nullable Instant originInstant;

  LogBuilder() {}

  @Override
  final long defaultMemtableMaxBytes(MemoryBudget budget, Maintenance mode) {
    return DEFAULT_MEMTABLE_MAX_BYTES;
  }

  /** The unit of timestamps. Default: {@link TimePrecision#MILLIS}. */
  public final B timePrecision(TimePrecision precision) {
    timePrecision = Objects.requireNonNull(precision, "precision");
    return self();
  }

  final TimePrecision timePrecision() {
    return timePrecision;
  }

  /**
   * The width of partition windows, in ticks of the time precision. Default: it follows the span of
   * time that the log holds. A log with over {@value WindowGrid#MAX_DECLARED_WINDOWS} windows makes
   * further ones wider.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public final B windowSize(long ticks) {
    if (ticks <= 0) {
      throw new IllegalArgumentException("windowSize must be positive: windowSize=" + ticks);
    }
    windowTicks = ticks;
    windowDuration = null;
    return self();
  }

  /**
   * As {@link #windowSize(long)}; must be a whole number of ticks of the time precision.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public final B windowSize(Duration size) {
    if (size.isZero() || size.isNegative()) {
      throw new IllegalArgumentException("windowSize must be positive: windowSize=" + size);
    }
    windowDuration = size;
    windowTicks = null;
    return self();
  }

  /** A timestamp at which a partition window starts. Default: 0. Needs a window size. */
  public final B windowOrigin(long timestamp) {
    originTicks = timestamp;
    originInstant = null;
    return self();
  }

  /** As {@link #windowOrigin(long)}. */
  public final B windowOrigin(Instant instant) {
    originInstant = Objects.requireNonNull(instant, "instant");
    originTicks = null;
    return self();
  }

  /**
   * How the log cuts time: each call gives another grid, which cuts as the others do and learns for
   * itself.
   *
   * @throws IllegalArgumentException if there is an origin without a size
   * @throws ArithmeticException if size or origin cannot be expressed in the time precision
   */
  final Supplier<WindowGrid> grids() {
    Long size =
        windowDuration == null ? windowTicks : Long.valueOf(timePrecision.toTicks(windowDuration));
    Long origin =
        originInstant == null
            ? originTicks
            : Long.valueOf(timePrecision.toTimestamp(originInstant));
    if (size != null) {
      return () -> WindowGrid.declared(size, origin == null ? 0 : origin);
    }
    if (origin != null) {
      throw new IllegalArgumentException(
          "windowOrigin needs a windowSize, and none is set: windowOrigin=" + origin);
    }
    return () -> WindowGrid.adaptive(WindowGrid.AutomaticWidth.USUAL);
  }
}
