package io.timelog;

import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.segment.SegmentOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a {@link Timelog} and a {@link TimelogStore} have in common. Each setter checks
 * its own value, {@code build()} how they go together. Not thread-safe.
 *
 * @param <B> the builder itself, which every setter returns
 */
public abstract sealed class StoreBuilder<B extends StoreBuilder<B>>
    permits LogBuilder, TimelogStore.Builder {
  /** Bytes of the memory budget where none is given: 256 MiB. */
  public static final long DEFAULT_MEMORY_BUDGET_BYTES = 256L << 20;

  /** Bytes that a page of a segment should have by default: 64 KiB. */
  public static final long DEFAULT_TARGET_PAGE_BYTES = SegmentOptions.DEFAULT_TARGET_PAGE_BYTES;

  /** Sealed runs that may wait for a flush by default. */
  public static final int DEFAULT_SEALED_MAX_RUNS = 4;

  /** Dropped entries that are reported at once by default. */
  public static final int DEFAULT_DRAIN_BATCH_LIMIT = 1024;

  /** Files of segments that stay open for reading by default. */
  public static final int DEFAULT_MAX_OPEN_FILES = 128;

  private static final long MIN_MEMTABLE_BYTES = 4096;
  private static final long MIN_LOG_BYTES = 4096;
  private static final int LOGS_PER_BUDGET = 4;
  private static final long MIN_DEFAULT_LOG_BYTES = 64L << 20;
  private static final long MAX_DEFAULT_LOG_BYTES = 512L << 20;

  private String name = "timelog";
  private MemoryBudget memoryBudget = MemoryBudget.ofBytes(DEFAULT_MEMORY_BUDGET_BYTES);
  private Maintenance maintenance = Maintenance.DISABLED;
  private @Nullable MaintenancePool maintenancePool;
  private BusyPolicy busyPolicy = BusyPolicy.FLUSH;
  private long memtableMaxBytes;
  private long targetPageBytes = DEFAULT_TARGET_PAGE_BYTES;
  private int sealedMaxRuns = DEFAULT_SEALED_MAX_RUNS;
  private int drainBatchLimit = DEFAULT_DRAIN_BATCH_LIMIT;
  private CommitLog commitLog = CommitLog.SYNCED;
  private long logMaxBytes;
  private int maxOpenFiles = DEFAULT_MAX_OPEN_FILES;
  private @Nullable PageCodec compression;
  private final List<PageCodec> decompression = new ArrayList<>();

  StoreBuilder() {}

  abstract B self();

  /** The bytes at which memtables are sealed if nothing else was said. */
  abstract long defaultMemtableMaxBytes(MemoryBudget budget, Maintenance mode);

  /** A name for messages and threads. Default: {@code timelog}. */
  public final B name(String storeName) {
    name = Objects.requireNonNull(storeName, "storeName");
    return self();
  }

  /**
   * The memory that entries may take, objects of {@link Timelog#objects()} not counted. May be
   * shared with other logs and stores. Default: {@value #DEFAULT_MEMORY_BUDGET_BYTES} bytes of its
   * own.
   */
  public final B memoryBudget(MemoryBudget budget) {
    memoryBudget = Objects.requireNonNull(budget, "budget");
    return self();
  }

  /** Who flushes and compacts. Default: {@link Maintenance#DISABLED}. */
  public final B maintenance(Maintenance mode) {
    maintenance = Objects.requireNonNull(mode, "mode");
    return self();
  }

  /**
   * The threads that flush and compact while the store is maintained in the background. May be
   * shared with other logs and stores. Default: one thread of its own.
   */
  public final B maintenancePool(MaintenancePool pool) {
    maintenancePool = Objects.requireNonNull(pool, "pool");
    return self();
  }

  /**
   * What a write does when maintenance lags. Default: {@link BusyPolicy#FLUSH}, and not {@link
   * BusyPolicy#RAISE} as in the original Timelog for Python: who catches an exception of a write
   * expects that nothing was written, and writes again. Under {@code RAISE} the entry was accepted
   * and would then be there twice. So that is for programs that ask for it.
   */
  public final B busyPolicy(BusyPolicy policy) {
    busyPolicy = Objects.requireNonNull(policy, "policy");
    return self();
  }

  /**
   * The size in bytes at which all memtables are sealed. Default of a log: 1 MiB, as in the
   * original Timelog for Python. Default of a store: the memory budget, however many stores share
   * it. So state that dies young is never written anywhere else, and windows are sealed one by one,
   * the oldest first, when the budget gets short. With {@link Maintenance#BACKGROUND} it is seven
   * sixteenths of the budget, so that there is room for segments of all that is sealed, and the
   * thread has flushed much before the budget gets short. Windows whose segments do not fit into
   * what is free stay memtables, however large all are, until there is room.
   *
   * @throws IllegalArgumentException if it is below 4096
   */
  public final B memtableMaxBytes(long bytes) {
    if (bytes < MIN_MEMTABLE_BYTES) {
      throw new IllegalArgumentException(
          "memtableMaxBytes must be at least "
              + MIN_MEMTABLE_BYTES
              + ": memtableMaxBytes="
              + bytes);
    }
    memtableMaxBytes = bytes;
    return self();
  }

  /**
   * The size in bytes that pages of segments should have; between {@value
   * SegmentOptions#MIN_TARGET_PAGE_BYTES} and {@value SegmentOptions#MAX_TARGET_PAGE_BYTES}.
   * Default: {@value #DEFAULT_TARGET_PAGE_BYTES}.
   *
   * @throws IllegalArgumentException if it is out of bounds
   */
  public final B targetPageBytes(long bytes) {
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
    return self();
  }

  /**
   * How many sealed runs may wait for a flush before the busy policy speaks. Default: {@value
   * #DEFAULT_SEALED_MAX_RUNS}, as in the original Timelog for Python.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public final B sealedMaxRuns(int runs) {
    if (runs < 0) {
      throw new IllegalArgumentException(
          "sealedMaxRuns must not be negative: sealedMaxRuns=" + runs);
    }
    sealedMaxRuns = runs;
    return self();
  }

  /**
   * How many dropped entries a write, a flush or a compaction reports at most; the next one goes on
   * where it stopped. Default: {@value #DEFAULT_DRAIN_BATCH_LIMIT}, and not all of them as in the
   * original Timelog for Python: a delete drops whole windows of entries, and no single write
   * should have to report a million of them. {@link Integer#MAX_VALUE} reports all at once.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public final B drainBatchLimit(int entries) {
    if (entries <= 0) {
      throw new IllegalArgumentException(
          "drainBatchLimit must be positive: drainBatchLimit=" + entries);
    }
    drainBatchLimit = entries;
    return self();
  }

  /**
   * What a commit writes and survives, where there is a directory. Default: {@link
   * CommitLog#SYNCED}, under which what has returned is never lost, and which waits for the disk at
   * each commit.
   */
  public final B commitLog(CommitLog log) {
    commitLog = Objects.requireNonNull(log, "log");
    return self();
  }

  /**
   * About how long the commit log may be, in bytes. If it is longer, what the older half of it is
   * needed for is moved into segments. So this bounds what an opening has to do again, and the disk
   * space; and the larger it is, the more dies before it is written once more. Default: a quarter
   * of the memory budget, but at least 64 MiB and at most 512 MiB.
   *
   * @throws IllegalArgumentException if it is below 4096
   */
  public final B logMaxBytes(long bytes) {
    if (bytes < MIN_LOG_BYTES) {
      throw new IllegalArgumentException(
          "logMaxBytes must be at least " + MIN_LOG_BYTES + ": logMaxBytes=" + bytes);
    }
    logMaxBytes = bytes;
    return self();
  }

  /**
   * How many files of segments a store in a directory keeps open for reading, those that were read
   * last; while more are read at a time, more are open. Each takes a file handle of the process,
   * and one that is not open is opened again by who reads it, which costs some microseconds. The
   * log, and files that are being written, are open beside them. Default: {@value
   * #DEFAULT_MAX_OPEN_FILES}.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public final B maxOpenFiles(int files) {
    if (files <= 0) {
      throw new IllegalArgumentException("maxOpenFiles must be positive: maxOpenFiles=" + files);
    }
    maxOpenFiles = files;
    return self();
  }

  /**
   * Compresses the pages of segments that a store in a directory writes into files: more of it fits
   * on the disk and into the cache of the operating system, and every page that is written is
   * compressed and every page that is read is decompressed. Memory, exports and the commit log are
   * as they would be without. Larger {@linkplain #targetPageBytes pages} become shorter, and cost
   * more to look into. Default: pages are written as they are.
   *
   * <p>What was written with a codec can be read with it only: give it to the builder whenever the
   * store is opened, here or to {@link #decompression}. What was written before, with another codec
   * or without, stays as it is until it is merged.
   *
   * @throws IllegalArgumentException if the codec has no name that is allowed
   */
  public final B compression(PageCodec codec) {
    PageCodecs.requireName(codec.name());
    compression = codec;
    return self();
  }

  /**
   * Codecs of pages that were written into the directory before, and with which nothing is written
   * any more. Calls add up. Default: none.
   *
   * @throws IllegalArgumentException if a codec has no name that is allowed
   */
  public final B decompression(PageCodec... codecs) {
    for (PageCodec codec : codecs) {
      PageCodecs.requireName(codec.name());
      decompression.add(codec);
    }
    return self();
  }

  private long logMaxBytesOrDefault() {
    long part = memoryBudget.limitBytes() / LOGS_PER_BUDGET;
    return logMaxBytes == 0
        ? Math.min(Math.max(part, MIN_DEFAULT_LOG_BYTES), MAX_DEFAULT_LOG_BYTES)
        : logMaxBytes;
  }

  private MaintenancePool maintenancePoolOrDefault() {
    MaintenancePool shared = maintenancePool;
    return shared == null ? MaintenancePool.ofThreads(1) : shared;
  }

  /**
   * The settings.
   *
   * @throws IllegalArgumentException if memtables may take more than the memory budget
   */
  final StoreSettings storeSettings() {
    long memtable =
        memtableMaxBytes == 0
            ? defaultMemtableMaxBytes(memoryBudget, maintenance)
            : memtableMaxBytes;
    if (memtable > memoryBudget.limitBytes()) {
      throw new IllegalArgumentException(
          "memtableMaxBytes must not exceed the memory budget: memtableMaxBytes="
              + memtable
              + ", limitBytes="
              + memoryBudget.limitBytes());
    }
    return new StoreSettings(
        name,
        memoryBudget,
        memoryBudget.pool(),
        maintenance,
        maintenancePoolOrDefault().pool(),
        busyPolicy,
        memtable,
        (int) targetPageBytes,
        sealedMaxRuns,
        drainBatchLimit,
        commitLog,
        logMaxBytesOrDefault(),
        maxOpenFiles,
        new PageCodecs(compression, decompression));
  }
}
