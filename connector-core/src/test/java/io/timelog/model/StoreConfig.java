package io.timelog.model;

import io.timelog.BusyPolicy;
import java.util.List;

/**
 * Settings of a store that no read may notice.
 *
 * @param memtableMaxBytes size at which a memtable is sealed
 * @param budgetBytes memory of the store
 * @param lookup what the memtable finds entries by
 * @param listeners how drop listeners behave
 */
record StoreConfig(
    Windows windows,
    long memtableMaxBytes,
    int targetPageBytes,
    int sealedMaxRuns,
    Upkeep upkeep,
    BusyPolicy busyPolicy,
    long budgetBytes,
    Lookup lookup,
    Listeners listeners) {

  /** How drop listeners behave. */
  enum Listeners {
    POLITE,
    /** Every fifth call throws an exception or an error. */
    THROWING
  }

  /** What the memtable finds entries by. */
  enum Lookup {
    BY_KEY,
    BY_KEY_AND_TIME
  }

  /** How the partition windows are cut. */
  enum Windows {
    /** As the store likes. */
    ADAPTIVE,
    /** Many in the time that the live entries span. */
    NARROW,
    /** A few, and none starts at a round number. */
    ODD,
    /** All that lives in one or two. */
    WIDE,
    /** No time at all. */
    ONE;

    /** What a test knows of the windows of a table. */
    Grid grid(TableSpec spec) {
      long span = spec.span();
      return switch (this) {
        case ADAPTIVE -> new Grid.Unknown();
        case NARROW -> new Grid.Fixed(span / 50 + 1, 0);
        case ODD -> new Grid.Fixed(span / 7 + 3, -span / 3 - 1);
        case WIDE -> new Grid.Fixed(span * 4, 17);
        case ONE -> new Grid.One();
      };
    }
  }

  private static final long ROOMY = 256L << 20;

  /*
   * An active partition window holds at least one slab of 4 KiB, so a memtable is sealed about every
   * (memtableMaxBytes / 4096) windows: the more windows there are, the larger the memtable must be for
   * more than a handful of writes to fit between two flushes.
   */

  /** All settings that are tried; each workload meets several of them. */
  static final List<StoreConfig> ALL =
      List.of(
          of(Windows.ADAPTIVE, 64 << 20, 4_096, 8, Upkeep.NONE, BusyPolicy.FLUSH, Lookup.BY_KEY),
          of(
              Windows.ADAPTIVE,
              192 << 10,
              256,
              2,
              Upkeep.RARE,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(
              Windows.NARROW,
              1 << 20,
              512,
              4,
              Upkeep.FREQUENT,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(Windows.WIDE, 48 << 10, 1_024, 1, Upkeep.BACKGROUND, BusyPolicy.SILENT, Lookup.BY_KEY),
          of(
              Windows.ODD,
              128 << 10,
              256,
              3,
              Upkeep.TOGGLED,
              BusyPolicy.RAISE,
              Lookup.BY_KEY_AND_TIME),
          of(Windows.ONE, 128 << 10, 4_096, 2, Upkeep.RARE, BusyPolicy.FLUSH, Lookup.BY_KEY),
          of(
              Windows.ADAPTIVE,
              256 << 10,
              1_024,
              4,
              Upkeep.BACKGROUND,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(
              Windows.NARROW,
              64 << 20,
              16_384,
              8,
              Upkeep.NONE,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(Windows.WIDE, 32 << 10, 256, 2, Upkeep.FLUSH_ONLY, BusyPolicy.FLUSH, Lookup.BY_KEY),
          of(
              Windows.ADAPTIVE,
              512 << 10,
              65_536,
              1,
              Upkeep.FREQUENT,
              BusyPolicy.RAISE,
              Lookup.BY_KEY_AND_TIME),
          of(Windows.ODD, 256 << 10, 512, 6, Upkeep.BACKGROUND, BusyPolicy.RAISE, Lookup.BY_KEY),
          of(Windows.ONE, 64 << 20, 256, 4, Upkeep.NONE, BusyPolicy.FLUSH, Lookup.BY_KEY_AND_TIME),
          of(Windows.ADAPTIVE, 128 << 10, 512, 2, Upkeep.TOGGLED, BusyPolicy.FLUSH, Lookup.BY_KEY),
          of(
              Windows.NARROW,
              512 << 10,
              2_048,
              1,
              Upkeep.BACKGROUND,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(
              Windows.ODD,
              64 << 20,
              4_096,
              8,
              Upkeep.FLUSH_ONLY,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME),
          of(
              Windows.ONE,
              16 << 10,
              1_024,
              3,
              Upkeep.TOGGLED,
              BusyPolicy.FLUSH,
              Lookup.BY_KEY_AND_TIME));

  private static StoreConfig of(
      Windows windows,
      long memtableMaxBytes,
      int targetPageBytes,
      int sealedMaxRuns,
      Upkeep upkeep,
      BusyPolicy busyPolicy,
      Lookup lookup) {
    return new StoreConfig(
        windows,
        memtableMaxBytes,
        targetPageBytes,
        sealedMaxRuns,
        upkeep,
        busyPolicy,
        ROOMY,
        lookup,
        Listeners.POLITE);
  }

  /** Several settings for one run, other ones for each seed. */
  static List<StoreConfig> of(long seed, int count) {
    int first = (int) Math.floorMod(3 * seed, (long) ALL.size());
    // Steps of five visit all sixteen before they come back.
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> ALL.get((first + 5 * i) % ALL.size()))
        .toList();
  }

  /** These settings with so little memory that writes may be refused. */
  StoreConfig withBudgetBytes(long bytes) {
    return new StoreConfig(
        windows,
        Math.min(memtableMaxBytes, bytes / 4),
        targetPageBytes,
        sealedMaxRuns,
        upkeep,
        busyPolicy,
        bytes,
        lookup,
        listeners);
  }

  /** These settings with listeners that throw. */
  StoreConfig withThrowingListeners() {
    return new StoreConfig(
        windows,
        memtableMaxBytes,
        targetPageBytes,
        sealedMaxRuns,
        upkeep,
        busyPolicy,
        budgetBytes,
        lookup,
        Listeners.THROWING);
  }

  /** Whether there is so little memory that a store may have to refuse. */
  boolean isTight() {
    return budgetBytes < ROOMY;
  }

  @Override
  public String toString() {
    return windows.name().toLowerCase(java.util.Locale.ROOT)
        + " windows, memtable "
        + memtableMaxBytes
        + ", pages "
        + targetPageBytes
        + ", sealed runs "
        + sealedMaxRuns
        + ", upkeep "
        + upkeep
        + ", busy "
        + busyPolicy
        + ", budget "
        + budgetBytes
        + ", lookup "
        + lookup
        + ", listeners "
        + listeners;
  }
}
