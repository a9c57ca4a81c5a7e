package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.Disk;
import java.util.UUID;

/**
 * What a log is told about itself.
 *
 * @param disk where its files are
 * @param files how they are called
 * @param store the store that it belongs to
 * @param policy when commits are made durable
 * @param fileBytes a new file is begun when one is as long as this
 * @param earlyBytes so much may be pending before it is written without a commit
 */
public record LogSettings(
    Disk disk, LogFiles files, UUID store, SyncPolicy policy, long fileBytes, long earlyBytes) {
  private static final long MIN_EARLY_BYTES = 256 << 10;
  private static final int BUDGET_PER_EARLY = 64;

  /** How much may be pending in a store with such a budget. */
  public static long earlyBytes(long budgetBytes) {
    return Math.max(MIN_EARLY_BYTES, budgetBytes / BUDGET_PER_EARLY);
  }
}
