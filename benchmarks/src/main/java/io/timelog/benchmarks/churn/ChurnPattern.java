package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** The patterns of use, by the names that commands and tables use, each with its smallest size. */
public enum ChurnPattern implements Named {
  OVERWRITE_LARGE("overwrite-large", "overwrite 2 k values of 1 to 10 kB", 5_000),
  OVERWRITE_SMALL("overwrite-small", "overwrite 10 k values of 0 to 64 bytes", 50_000),
  OVERWRITE_AT_THE_BOUND(
      "overwrite-at-bound", "overwrite values of 0.5 to 1.5 kB, half the budget alive", 4_000),
  REPLACE_LIST("replace-list", "replace a list of ten under one key", 2_000),
  QUEUE("queue", "read and remove the head, put a tail, one key", 10_000),
  SNAPSHOTS("snapshots", "put and get a hot key, rolling snapshots", 5_000),
  FORGOTTEN_READER("forgotten-reader", "read ten and append one, a snapshot open", 500),
  WINDOWS_PASSING("windows-passing", "an entry in a new window, the oldest deleted", 10_000),
  WINDOWS_EMPTIED("windows-emptied", "an entry in a new window, the oldest emptied", 2_000),
  APPEND_DESCENDING("append-descending", "append to one key, descending", 20_000),
  APPEND_RANDOM("append-random", "append to one key, random order", 20_000),
  APPEND_RANDOM_SIZES("append-random-sizes", "append to one key, random order and size", 20_000),
  SUBKEYS_RANDOM("subkeys-random", "put subkeys of one timestamp, random order", 10_000),
  GET_BY_SUBKEY("get-by-subkey", "get by subkey, one timestamp", 5_000),
  GET_BY_TIME("get-by-time", "get by timestamp, one key", 10_000),
  ENDS_OF_TIME("ends-of-time", "append, evict, min and max timestamp", 2_000),
  REMOVE_FRESH("remove-fresh", "removeRange of a key's only entry", 20_000),
  REMOVE_FLUSHED("remove-flushed", "the same, flushed", 5_000),
  DELETE_RANGE("delete-range", "deleteRange, per window in it", 100),
  FLUSH("flush", "flush, per window of ten entries", 100),
  GROUPS_ONE_PASS("groups-one-pass", "scan 128 key groups at once, per entry", 5_000),
  GROUPS_ONE_BY_ONE("groups-one-by-one", "scan 128 key groups one by one, per entry", 5_000);

  private static final Choices<ChurnPattern> CHOICES =
      new Choices<>("pattern", "pattern", values());

  /** The ids of all patterns, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private static final int SMALLEST = 20;

  private final String id;
  private final String title;
  private final int smallestSize;

  ChurnPattern(String id, String title, int smallestSize) {
    this.id = id;
    this.title = title;
    this.smallestSize = smallestSize;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  /** The smallest size, n, when all sizes are {@code percent} of what they are by default. */
  int size(int percent) {
    return Math.max(SMALLEST, (int) ((long) smallestSize * percent / 100));
  }

  Pattern of(int size) {
    return switch (this) {
      case OVERWRITE_LARGE -> Overwrites.of(size, 2_000, 1_000, 10_000);
      case OVERWRITE_SMALL -> Overwrites.of(size, 10_000, 0, 64);
      case OVERWRITE_AT_THE_BOUND -> Overwrites.atTheBound(size);
      case REPLACE_LIST -> new ReplacedList(size);
      case QUEUE -> new Queue(size);
      case SNAPSHOTS -> new RollingSnapshots(size);
      case FORGOTTEN_READER -> new ForgottenReader(size);
      case WINDOWS_PASSING -> PassingWindows.deletedByTime(size);
      case WINDOWS_EMPTIED -> PassingWindows.emptied(size);
      case APPEND_DESCENDING -> DisorderedAppends.descending(size);
      case APPEND_RANDOM -> DisorderedAppends.random(size, 16, 16);
      case APPEND_RANDOM_SIZES -> DisorderedAppends.random(size, 0, 200);
      case SUBKEYS_RANDOM -> new DisorderedSubkeys(size);
      case GET_BY_SUBKEY -> PointReads.bySubkey(size);
      case GET_BY_TIME -> PointReads.byTimestamp(size);
      case ENDS_OF_TIME -> new EndsOfTime(size);
      case REMOVE_FRESH -> RemovedRanges.fresh(size);
      case REMOVE_FLUSHED -> RemovedRanges.flushed(size);
      case DELETE_RANGE -> new DeletedWindows(size);
      case FLUSH -> new FlushedWindows(size);
      case GROUPS_ONE_PASS -> KeyGroupScans.inOnePass(size);
      case GROUPS_ONE_BY_ONE -> KeyGroupScans.oneByOne(size);
    };
  }

  /**
   * The pattern of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static ChurnPattern of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of(String)}, for several. */
  public static List<ChurnPattern> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
