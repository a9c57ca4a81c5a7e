package io.timelog.flink.internal.ttl;

import io.timelog.EntryFilter;
import io.timelog.Span;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.StateTtlConfig.RocksdbCompactFilterCleanupStrategy;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.state.ttl.TtlUtils;
import org.jspecify.annotations.Nullable;

/**
 * Gives up the entries of a state whose time to live is over, when the engine writes them anew: in
 * flushes and compactions, and in copies of segments for another task. What Flink's wrapper of such
 * states hides from the job so leaves memory and checkpoints without being looked at by anybody.
 *
 * <p>It is what {@link StateTtlConfig.Builder#cleanupInRocksdbCompactFilter(long)} asks for, and on
 * by default as there. Until the job has registered the state nothing is given up, because the time
 * to live is not in snapshots.
 *
 * <p>Asked by one thread at a time; told by the task's thread.
 */
public final class ExpiredEntries implements EntryFilter {
  /** After so many entries the clock is asked again, if the job says nothing else. */
  private static final long DEFAULT_ENTRIES_BETWEEN_CLOCK_READS = 1_000;

  private final int head;
  private final TtlTimeProvider clock;
  private volatile @Nullable Expiry expiry;

  /**
   * Gives up nothing as yet.
   *
   * @param head bytes of a value before the time of its last access: the mark of a map whether the
   *     value is null
   */
  public ExpiredEntries(int head, TtlTimeProvider clock) {
    this.head = head;
    this.clock = clock;
  }

  /** From now on entries expire as this says. */
  public void configure(StateTtlConfig config) {
    StateTtlConfig.CleanupStrategies cleanup = config.getCleanupStrategies();
    expiry =
        config.isEnabled() && cleanup.inRocksdbCompactFilter()
            ? new Expiry(config.getTimeToLive().toMillis(), entriesBetweenClockReads(cleanup))
            : null;
  }

  private static long entriesBetweenClockReads(StateTtlConfig.CleanupStrategies cleanup) {
    RocksdbCompactFilterCleanupStrategy strategy = cleanup.getRocksdbCompactFilterCleanupStrategy();
    return strategy == null
        ? DEFAULT_ENTRIES_BETWEEN_CLOCK_READS
        : strategy.getQueryTimeAfterNumEntries();
  }

  @Override
  public void begin() {
    Expiry present = expiry;
    if (present != null) {
      present.forgetTime();
    }
  }

  @Override
  public boolean mayDrop(Span key, long timestamp, Span subkey, Span value) {
    Expiry present = expiry;
    return present != null && !isNull(value) && present.isOver(value.getLong(head));
  }

  /** A value that is null has no time of its last access. */
  private boolean isNull(Span value) {
    return head > 0 && value.bytes()[value.offset()] != 0;
  }

  /** When entries expire; reads the clock now and then. */
  private final class Expiry {
    private final long timeToLive;
    private final long entriesBetweenClockReads;
    private long entriesUntilClockRead;
    private long now;

    Expiry(long timeToLive, long entriesBetweenClockReads) {
      this.timeToLive = timeToLive;
      this.entriesBetweenClockReads = entriesBetweenClockReads;
    }

    void forgetTime() {
      entriesUntilClockRead = 0;
    }

    boolean isOver(long lastAccess) {
      if (entriesUntilClockRead <= 0) {
        now = clock.currentTimestamp();
        entriesUntilClockRead = entriesBetweenClockReads;
      }
      entriesUntilClockRead--;
      return TtlUtils.expired(lastAccess, timeToLive, now);
    }
  }
}
