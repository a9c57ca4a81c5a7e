package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.CommitLog;
import io.timelog.LateEntries;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.SplittableRandom;

/** What an application does to a store, one random step after the other. */
final class StoreScript {
  private static final String EVENTS = "events";
  private static final String RECENT = "recent";
  private static final String STATE = "map-state";
  private static final String EXTRA = "map-extra";

  private final SplittableRandom random;
  private long now;
  private int written;

  StoreScript(long seed) {
    this(seed, 100);
  }

  /** As of a time. */
  StoreScript(long seed, long now) {
    random = new SplittableRandom(seed);
    this.now = now;
  }

  /** Whether the table of this name is a map. */
  static boolean isMap(String table) {
    return table.startsWith("map-");
  }

  /** Settings for small stores, which open fast, and of which files of the log are short. */
  static TimelogStore.Builder settings(CommitLog log) {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(16 << 20))
        .targetPageBytes(4096)
        .commitLog(log)
        .logMaxBytes(4096);
  }

  /** Makes the tables, or finds them. */
  static void openTables(TimelogStore store) {
    store.openTable(TableOptions.multimap(EVENTS).windowSize(10, 0).build());
    store.openTable(
        TableOptions.multimap(RECENT).windowSize(10, 0).lateEntries(LateEntries.REFUSE).build());
    store.openTable(TableOptions.map(STATE).windowSize(20, 0).indexTime().build());
  }

  /** Does something. */
  void step(TimelogStore store) {
    now += random.nextInt(3);
    switch (random.nextInt(17)) {
      case 0, 1, 2, 3 -> store.table(EVENTS).append(key(), timestamp(), value());
      case 4, 5 -> store.table(RECENT).append(key(), timestamp(), value());
      case 6, 7, 8 -> store.table(STATE).put(key(), timestamp(), subkey(), value());
      case 9 -> store.table(STATE).remove(key(), timestamp(), subkey());
      case 10 -> store.table(STATE).removeRange(key(), range());
      case 11 -> anyTable(store).deleteRange(range());
      case 12 -> anyTable(store).deleteBefore(now - random.nextInt(30));
      case 13 -> store.flush();
      case 14 -> store.compact();
      case 15 -> makeOrDropExtra(store);
      default -> putExtra(store);
    }
  }

  private static void makeOrDropExtra(TimelogStore store) {
    if (store.tables().contains(EXTRA)) {
      store.dropTable(EXTRA);
    } else {
      store.createTable(TableOptions.map(EXTRA).unbounded().build());
    }
  }

  private void putExtra(TimelogStore store) {
    if (store.tables().contains(EXTRA)) {
      store.table(EXTRA).put(key(), timestamp(), subkey(), value());
    }
  }

  private Table anyTable(TimelogStore store) {
    return store.table(
        switch (random.nextInt(3)) {
          case 0 -> EVENTS;
          case 1 -> RECENT;
          default -> STATE;
        });
  }

  private byte[] key() {
    return ("k" + random.nextInt(3)).getBytes(UTF_8);
  }

  private byte[] subkey() {
    return ("s" + random.nextInt(2)).getBytes(UTF_8);
  }

  private byte[] value() {
    return Integer.toString(written++).getBytes(UTF_8);
  }

  private long timestamp() {
    return now - random.nextInt(20);
  }

  private TimeRange range() {
    long first = timestamp();
    return TimeRange.of(first, first + random.nextInt(12));
  }
}
