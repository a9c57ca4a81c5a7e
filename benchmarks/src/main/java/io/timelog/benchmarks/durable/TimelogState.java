package io.timelog.benchmarks.durable;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.benchmarks.engine.Bytes;
import io.timelog.benchmarks.engine.Checksum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores of Timelog with one table each, a multimap that refuses late entries, under one memory
 * budget that holds all of them. Each has its maintenance thread.
 */
final class TimelogState implements DurableState {
  private static final long BUDGET_BYTES = 4L << 30;
  private static final String TABLE = "entries";

  private final List<TimelogStore> stores;
  private final Table[] tables;
  private long scannedEntries;

  private TimelogState(List<TimelogStore> stores, TableOptions options) {
    this.stores = stores;
    this.tables =
        stores.stream().map(store -> store.openTable(options)).toArray(size -> new Table[size]);
  }

  /** Stores without directories, which cannot be committed. */
  static TimelogState inMemory(StateSettings settings) {
    TimelogStore.Builder builder = builder();
    List<TimelogStore> stores = new ArrayList<>();
    for (int i = 0; i < settings.stores(); i++) {
      stores.add(builder.name("store-" + i).build());
    }
    return new TimelogState(stores, table(settings));
  }

  /** Stores that write what they commit in this way. */
  static TimelogState open(StateSettings settings, CommitLog log) {
    TimelogStore.Builder builder = builder().commitLog(log);
    List<TimelogStore> stores = new ArrayList<>();
    for (int i = 0; i < settings.stores(); i++) {
      Path directory = StateSettings.ofStore(settings.directory(), i);
      stores.add(TimelogStore.open(directory, builder.name("store-" + i)));
    }
    return new TimelogState(stores, table(settings));
  }

  /** Stores in memory, of what was exported. */
  static TimelogState importing(StateSettings settings) throws IOException {
    TimelogStore.Builder builder = builder();
    List<TimelogStore> stores = new ArrayList<>();
    for (int i = 0; i < settings.stores(); i++) {
      Path directory = StateSettings.ofStore(settings.directory(), i);
      stores.add(new ExportDirectory(directory).read(builder.name("store-" + i)));
    }
    return new TimelogState(stores, table(settings));
  }

  private static TimelogStore.Builder builder() {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES))
        .maintenance(Maintenance.BACKGROUND);
  }

  private static TableOptions table(StateSettings settings) {
    return TableOptions.multimap(TABLE)
        .lateEntries(LateEntries.REFUSE)
        .windowSize(settings.windowTicks(), 0)
        .build();
  }

  private Table tableOf(byte[] key) {
    return tables[KeyRouting.storeOf(key, tables.length)];
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    tableOf(key).append(key, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    long sum = 0;
    int position = 0;
    try (Cursor cursor = tableOf(key).scan(key, TimeRange.of(start, end))) {
      while (cursor.advance()) {
        sum += Checksum.term(position++, cursor.timestamp(), cursor.valueLong(0));
      }
    }
    scannedEntries += position;
    return sum;
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void evictBefore(long cutoff) {
    for (Table table : tables) {
      table.deleteBefore(cutoff);
    }
  }

  @Override
  public void commit(long position) {
    byte[] token = new byte[Long.BYTES];
    Bytes.putLong(token, 0, position);
    Map<TimelogStore, byte[]> tokens = new LinkedHashMap<>();
    for (TimelogStore store : stores) {
      tokens.put(store, token);
    }
    TimelogStore.commitAll(tokens);
  }

  @Override
  public void exportTo(Path target) throws IOException {
    for (int i = 0; i < stores.size(); i++) {
      new ExportDirectory(StateSettings.ofStore(target, i)).write(stores.get(i));
    }
  }

  @Override
  public void close() {
    stores.forEach(TimelogStore::close);
  }
}
