package io.timelog.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.BusyPolicy;
import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogBusyException;
import io.timelog.TimelogStore;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store, driven by operations and compared with the answers of the model. */
final class StoreUnderTest implements AutoCloseable {
  private static final int KEYS_TO_COMPARE = 200;

  /** What became of a write. */
  enum Outcome {
    ACCEPTED,
    LATE,
    /** The memory budget had no room. */
    REFUSED
  }

  private final StoreConfig config;
  private final List<TableSpec> specs;
  private final MemoryBudget budget;
  private final TimelogStore store;
  private final List<Table> tables = new ArrayList<>();
  private final List<Grid> grids = new ArrayList<>();
  private final List<DropCheck> drops = new ArrayList<>();
  private final long[] lateEntries;
  private final Map<Integer, Snapshot> snapshots = new HashMap<>();
  private final Map<Integer, OpenCursor> cursors = new LinkedHashMap<>();
  // Readers of tables that were dropped after they were opened.
  private final Set<Reader> outlived = new HashSet<>();
  private final List<DropCheck> dropsBefore = new ArrayList<>();
  private long writes;

  /** A store with a budget of its own. */
  StoreUnderTest(StoreConfig config, Workload workload) {
    this(config, workload, MemoryBudget.ofBytes(config.budgetBytes(), new PoisoningSource()));
  }

  /** A store that may share its budget with others. */
  StoreUnderTest(StoreConfig config, Workload workload, MemoryBudget budget) {
    this.config = config;
    this.budget = budget;
    specs = workload.tables();
    lateEntries = new long[specs.size()];
    store =
        TimelogStore.builder()
            .memoryBudget(budget)
            .busyPolicy(config.busyPolicy())
            .memtableMaxBytes(Math.min(config.memtableMaxBytes(), budget.limitBytes() / 4))
            .targetPageBytes(config.targetPageBytes())
            .sealedMaxRuns(config.sealedMaxRuns())
            .build();
    for (TableSpec spec : specs) {
      DropCheck check = newDropCheck();
      drops.add(check);
      tables.add(store.createTable(options(spec, check)));
      grids.add(grid(spec));
    }
    if (config.upkeep() == Upkeep.BACKGROUND) {
      store.startMaintenance();
    }
  }

  private DropCheck newDropCheck() {
    return new DropCheck(config.listeners() == StoreConfig.Listeners.THROWING);
  }

  /** Drops a table and makes one of the same name; what is open on it need not be readable. */
  void dropTable(int index) {
    TableSpec spec = specs.get(index);
    checkLateEntries(index);
    store.dropTable(spec.name());
    snapshots.keySet().forEach(snapshot -> outlived.add(new Reader(snapshot, index)));
    cursors.values().stream()
        .filter(open -> open.table == index)
        .forEach(open -> open.outlived = true);
    dropsBefore.add(drops.get(index));
    DropCheck check = newDropCheck();
    drops.set(index, check);
    tables.set(index, store.createTable(options(spec, check)));
    lateEntries[index] = 0;
  }

  /** A table of a snapshot that is open. */
  private record Reader(int snapshot, int table) {}

  private Grid grid(TableSpec spec) {
    return switch (spec.times()) {
      // With one entry in a window that is as good as empty, a store may use wider windows than
      // it was told to.
      case HOSTILE, CENTURIES -> new Grid.Unknown();
      default -> config.windows().grid(spec);
    };
  }

  private TableOptions options(TableSpec spec, DropCheck check) {
    TableOptions.Builder options =
        spec.rule() == Rule.MULTIMAP
            ? TableOptions.multimap(spec.name())
            : TableOptions.map(spec.name());
    options.lateEntries(spec.lateEntries()).keyGroups(spec.keyGroups()).dropListener(check);
    Grid wanted = config.windows().grid(spec);
    if (wanted instanceof Grid.One) {
      options.unbounded();
    } else if (wanted instanceof Grid.Fixed fixed) {
      options.windowSize(fixed.size(), fixed.origin());
    }
    if (config.lookup() == StoreConfig.Lookup.BY_KEY_AND_TIME) {
      options.indexTime();
    }
    return options.build();
  }

  StoreConfig config() {
    return config;
  }

  /** Applies a write to the store. */
  Outcome write(Operation.Write write) {
    Table table = tables.get(write.table());
    writes++;
    try {
      if (accept(table, write)) {
        return Outcome.ACCEPTED;
      }
      lateEntries[write.table()]++;
      return Outcome.LATE;
    } catch (TimelogBusyException e) {
      // The write was accepted all the same; this policy wants to be heard.
      if (config.busyPolicy() != BusyPolicy.RAISE) {
        throw e;
      }
      flushIfThereIsRoom();
      return Outcome.ACCEPTED;
    } catch (MemoryBudgetExceededException e) {
      return Outcome.REFUSED;
    }
  }

  private void flushIfThereIsRoom() {
    try {
      store.flush();
    } catch (MemoryBudgetExceededException e) {
      rethrowUnlessTight(e);
    }
  }

  private boolean accept(Table table, Operation.Write write) {
    if (write instanceof Operation.Append append) {
      byte[] key = append.key().array();
      byte[] value = append.value().array();
      if (takesShortForm(Bytes.EMPTY)) {
        return table.append(key, append.timestamp(), value);
      }
      byte[] both = new byte[key.length + value.length + 2];
      System.arraycopy(key, 0, both, 1, key.length);
      System.arraycopy(value, 0, both, 1 + key.length, value.length);
      return table.append(
          both, 1, key.length, append.timestamp(), both, 1 + key.length, value.length);
    }
    if (write instanceof Operation.Put put) {
      byte[] key = put.key().array();
      byte[] value = put.value().array();
      return takesShortForm(put.subkey())
          ? table.put(key, put.timestamp(), value)
          : table.put(key, put.timestamp(), put.subkey().array(), value);
    }
    if (write instanceof Operation.Replace replace) {
      return replaceAll(table, replace);
    }
    if (write instanceof Operation.Remove remove) {
      if (writes % 3 == 0) {
        removeAndGet(table, remove);
      } else if (takesShortForm(remove.subkey())) {
        table.remove(remove.key().array(), remove.timestamp());
      } else {
        table.remove(remove.key().array(), remove.timestamp(), remove.subkey().array());
      }
    } else if (write instanceof Operation.RemoveRange remove) {
      drops.get(remove.table()).removed(remove.key(), remove.range());
      table.removeRange(remove.key().array(), remove.range());
    } else if (write instanceof Operation.DeleteRange delete) {
      table.deleteRange(delete.range());
    } else if (write instanceof Operation.DeleteBefore delete) {
      table.deleteBefore(delete.cutoff());
    }
    return true;
  }

  private boolean replaceAll(Table table, Operation.Replace replace) {
    long timestamp = replace.timestamp();
    drops.get(replace.table()).removed(replace.key(), TimeRange.at(timestamp));
    EntryBatch batch = new EntryBatch();
    for (Operation.Item item : replace.items()) {
      batch.add(timestamp, Span.of(item.subkey().array()), Span.of(item.value().array()));
    }
    boolean changed = table.writer().replaceAll(Span.of(replace.key().array()), timestamp, batch);
    return changed || batch.isEmpty();
  }

  private void removeAndGet(Table table, Operation.Remove remove) {
    byte[] key = remove.key().array();
    byte[] subkey = remove.subkey().array();
    byte[] before = table.get(key, remove.timestamp(), subkey);
    byte[] removed =
        takesShortForm(remove.subkey())
            ? table.removeAndGet(key, remove.timestamp())
            : table.removeAndGet(key, remove.timestamp(), subkey);
    assertThat(removed).isEqualTo(before);
  }

  /** Every other write goes through the shorter one of two methods that do the same. */
  private boolean takesShortForm(Bytes subkey) {
    return subkey.length() == 0 && writes % 2 == 0;
  }

  long floor(int table) {
    return tables.get(table).floor();
  }

  /** An entry of a table was deleted, so its listener may be told of it from now on. */
  void deleted(int table, ModelEntry entry) {
    drops.get(table).deleted(entry);
  }

  /** Looks whether a listener was told what is not true. */
  void checkDrops(int table) {
    drops.get(table).check();
  }

  /** Makes a read and compares. */
  void read(@Nullable Integer snapshot, Query query, Answer answer) {
    unlessOutlived(
        snapshot,
        query.table(),
        () -> {
          TableReader reader = reader(snapshot, query.table());
          if (reader != null) {
            read(reader, query, answer);
          }
        });
  }

  /** Reads; only a table that was dropped after the snapshot was taken may refuse to be read. */
  private void unlessOutlived(@Nullable Integer snapshot, int table, Runnable read) {
    if (snapshot == null || !outlived.contains(new Reader(snapshot, table))) {
      read.run();
      return;
    }
    try {
      read.run();
    } catch (IllegalStateException | IllegalArgumentException refused) {
      requireNamed(refused, table);
    }
  }

  private void requireNamed(RuntimeException refused, int table) {
    if (!String.valueOf(refused.getMessage()).contains(specs.get(table).name())) {
      throw refused;
    }
  }

  private @Nullable TableReader reader(@Nullable Integer snapshot, int table) {
    if (snapshot == null) {
      return tables.get(table);
    }
    Snapshot open = snapshots.get(snapshot);
    return open == null ? null : open.table(specs.get(table).name());
  }

  private void read(TableReader reader, Query query, Answer answer) {
    if (query instanceof Query.Get get) {
      byte[] value = get(reader, get);
      equal(((Answer.Value) answer).value(), value == null ? null : Bytes.of(value));
    } else if (query instanceof Query.Count count) {
      equal(((Answer.Count) answer).count(), reader.count(count.key().array(), count.range()));
    } else if (query instanceof Query.Extremes) {
      equal(answer, new Answer.Extremes(reader.minTimestamp(), reader.maxTimestamp()));
    } else if (query instanceof Query.Scan scan) {
      ScanCheck check = check(scan, ((Answer.Entries) answer).entries());
      try (Cursor cursor = open(reader, scan)) {
        check.drain(cursor);
      }
    }
  }

  private static byte @Nullable [] get(TableReader reader, Query.Get get) {
    return get.subkey().length() == 0
        ? reader.get(get.key().array(), get.timestamp())
        : reader.get(get.key().array(), get.timestamp(), get.subkey().array());
  }

  private ScanCheck check(Query.Scan scan, List<ModelEntry> expected) {
    return ScanCheck.of(specs.get(scan.table()), grids.get(scan.table()), scan, expected);
  }

  private static Cursor open(TableReader reader, Query.Scan query) {
    TimeRange range = query.range();
    boolean forward = query.direction() == Direction.FORWARD;
    if (query instanceof Query.OfKey scan) {
      byte[] key = scan.key().array();
      return forward ? reader.scan(key, range) : reader.scanBackward(key, range);
    }
    if (query instanceof Query.InKeyOrder scan) {
      byte[] first = scan.firstKey() == null ? null : scan.firstKey().array();
      byte[] last = scan.lastKey() == null ? null : scan.lastKey().array();
      if (!forward) {
        return reader.scanByKeyBackward(first, last, range);
      }
      return first == null && last == null
          ? reader.scanByKey(range)
          : reader.scanByKey(first, last, range);
    }
    if (query instanceof Query.OfGroups scan) {
      return forward
          ? reader.scanKeyGroups(scan.firstGroup(), scan.lastGroup(), range)
          : reader.scanKeyGroupsBackward(scan.firstGroup(), scan.lastGroup(), range);
    }
    if (query instanceof Query.OfKeys scan) {
      byte[] first = scan.firstKey() == null ? null : scan.firstKey().array();
      byte[] last = scan.lastKey() == null ? null : scan.lastKey().array();
      return forward
          ? reader.scanKeys(first, last, range)
          : reader.scanKeysBackward(first, last, range);
    }
    if (query instanceof Query.Keys) {
      return forward ? reader.keys(range) : reader.keysBackward(range);
    }
    return forward ? reader.scanAll(range) : reader.scanAllBackward(range);
  }

  /** Reads everything in every way and compares with {@code all}, oldest first. */
  void readAll(@Nullable Integer snapshot, int table, List<ModelEntry> all) {
    unlessOutlived(snapshot, table, () -> readAll(reader(snapshot, table), table, all));
  }

  private void readAll(@Nullable TableReader reader, int table, List<ModelEntry> all) {
    if (reader == null) {
      return;
    }
    TimeRange range = TimeRange.all();
    Answer everything = new Answer.Entries(all);
    for (Direction direction : Direction.values()) {
      read(reader, new Query.InTimeOrder(table, range, direction), everything);
      read(reader, new Query.InKeyOrder(table, null, null, range, direction), everything);
      read(reader, new Query.Keys(table, range, direction), everything);
      readGroups(reader, table, direction, all);
    }
    OptionalLong min =
        all.isEmpty() ? OptionalLong.empty() : OptionalLong.of(all.get(0).timestamp());
    OptionalLong max =
        all.isEmpty() ? OptionalLong.empty() : OptionalLong.of(all.get(all.size() - 1).timestamp());
    read(reader, new Query.Extremes(table), new Answer.Extremes(min, max));
    Map<Bytes, List<ModelEntry>> byKey = new LinkedHashMap<>();
    for (ModelEntry entry : all) {
      byKey.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry);
    }
    byKey.entrySet().stream()
        .limit(KEYS_TO_COMPARE)
        .forEach(entry -> readKey(reader, table, entry.getKey(), entry.getValue()));
  }

  private void readGroups(
      TableReader reader, int table, Direction direction, List<ModelEntry> all) {
    int middle = specs.get(table).lastGroup() / 2;
    int last = specs.get(table).lastGroup();
    TimeRange range = TimeRange.all();
    for (Query.OfGroups query :
        List.of(
            new Query.OfGroups(table, 0, middle, range, direction),
            new Query.OfGroups(table, (last + 1) / 2, last, range, direction))) {
      List<ModelEntry> expected = all.stream().filter(query::contains).toList();
      read(reader, query, new Answer.Entries(expected));
    }
  }

  private void readKey(TableReader reader, int table, Bytes key, List<ModelEntry> expected) {
    TimeRange range = TimeRange.all();
    for (Direction direction : Direction.values()) {
      read(reader, new Query.OfKey(table, key, range, direction), new Answer.Entries(expected));
    }
    read(reader, new Query.Count(table, key, range), new Answer.Count(expected.size()));
    if (specs.get(table).rule() == Rule.MAP) {
      ModelEntry entry = expected.get(expected.size() / 2);
      read(
          reader,
          new Query.Get(table, key, entry.timestamp(), entry.subkey()),
          new Answer.Value(entry.value()));
    }
  }

  void openSnapshot(int snapshot) {
    snapshots.put(snapshot, store.snapshot());
  }

  void closeSnapshot(int snapshot) {
    Snapshot open = snapshots.remove(snapshot);
    if (open != null) {
      open.close();
      outlived.removeIf(reader -> reader.snapshot == snapshot);
    }
  }

  void openCursor(Operation.OpenCursor operation, Answer.Entries answer) {
    int table = operation.query().table();
    unlessOutlived(
        operation.snapshot(),
        table,
        () -> {
          TableReader reader = reader(operation.snapshot(), table);
          if (reader != null) {
            ScanCheck check = check(operation.query(), answer.entries());
            cursors.put(
                operation.cursor(), new OpenCursor(open(reader, operation.query()), check, table));
          }
        });
  }

  void advance(int cursor, int entries) {
    OpenCursor open = cursors.get(cursor);
    if (open != null && !advance(open, entries)) {
      if (!open.cursor.isClosed()) {
        throw new AssertionError("A cursor at its end is still open");
      }
      cursors.remove(cursor);
    }
  }

  /** False if the cursor has no more entries, or does not give them as its table is gone. */
  private boolean advance(OpenCursor open, int entries) {
    try {
      return open.check.advance(open.cursor, entries);
    } catch (IllegalStateException refused) {
      if (!open.outlived) {
        throw refused;
      }
      requireNamed(refused, open.table);
      open.cursor.close();
      return false;
    }
  }

  void closeCursor(int cursor) {
    OpenCursor open = cursors.remove(cursor);
    if (open != null) {
      open.cursor.close();
    }
  }

  /** Lets go of everything that pins memory. */
  void closeReaders() {
    List.copyOf(cursors.keySet()).forEach(this::closeCursor);
    List.copyOf(snapshots.keySet()).forEach(this::closeSnapshot);
  }

  /** Closes readers and stops maintenance, so that the store holds what lives in it. */
  void settle() {
    closeReaders();
    store.stopMaintenance();
  }

  void maintain(int roll) {
    try {
      switch (config.upkeep().action(roll)) {
        case FLUSH -> store.flush();
        case COMPACT -> store.compact();
        case START -> store.startMaintenance();
        case STOP -> store.stopMaintenance();
        case NOTHING -> {}
      }
    } catch (MemoryBudgetExceededException e) {
      rethrowUnlessTight(e);
    }
  }

  private void rethrowUnlessTight(MemoryBudgetExceededException e) {
    if (!config.isTight()) {
      throw e;
    }
  }

  /** Reads what is still open to its end, closes everything, and looks for what is left behind. */
  @Override
  public void close() {
    for (OpenCursor open : cursors.values()) {
      while (advance(open, Integer.MAX_VALUE)) {
        // goes on
      }
    }
    cursors.clear();
    closeReaders();
    store.stopMaintenance();
    checkReports();
    for (int table = 0; table < tables.size(); table++) {
      checkLateEntries(table);
    }
    checkFailures();
    store.close();
  }

  private void checkLateEntries(int table) {
    equal(lateEntries[table], tables.get(table).stats().lateEntries());
  }

  /** What listeners threw was counted; what those of dropped tables threw may be forgotten. */
  private void checkFailures() {
    dropsBefore.forEach(DropCheck::check);
    long counted = store.stats().dropListenerFailures();
    long thrown = drops.stream().mapToLong(DropCheck::thrown).sum();
    long before = dropsBefore.stream().mapToLong(DropCheck::thrown).sum();
    if (counted < thrown || counted > thrown + before) {
      throw new AssertionError(
          "Listeners threw " + thrown + " times, and " + counted + " were counted");
    }
  }

  /** The budget of the store. */
  MemoryBudget budget() {
    return budget;
  }

  /** Whether any snapshot or cursor is open. */
  boolean hasReaders() {
    return !cursors.isEmpty() || !snapshots.isEmpty();
  }

  /** With nobody reading, all that was deleted leaves the store and is reported. */
  private void checkReports() {
    try {
      store.flush();
      store.compact();
      while (store.stats().retiredQueueLength() > 0) {
        store.flush();
      }
    } catch (MemoryBudgetExceededException e) {
      // Then what was deleted stays where it is.
      rethrowUnlessTight(e);
      return;
    }
    for (int table = 0; table < tables.size(); table++) {
      if (specs.get(table).rule() == Rule.MULTIMAP) {
        drops.get(table).checkNothingLeft();
      } else {
        drops.get(table).check();
      }
    }
  }

  /** Closes without looking, after a failure. */
  void abandon() {
    try (store) {
      closeReaders();
    }
  }

  private static void equal(@Nullable Object expected, @Nullable Object actual) {
    if (!java.util.Objects.equals(expected, actual)) {
      throw new AssertionError("Expected " + expected + ", but was " + actual);
    }
  }

  @Override
  public String toString() {
    return config.toString();
  }

  private static final class OpenCursor {
    private final Cursor cursor;
    private final ScanCheck check;
    private final int table;
    private boolean outlived;

    OpenCursor(Cursor cursor, ScanCheck check, int table) {
      this.cursor = cursor;
      this.check = check;
      this.table = table;
    }
  }
}
