package io.timelog.internal.engine;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogException;
import io.timelog.internal.checkpoint.ImportTarget;
import io.timelog.internal.checkpoint.ImportTarget.Adoption;
import io.timelog.internal.checkpoint.StoreImports;
import io.timelog.internal.checkpoint.StoredTable;
import io.timelog.internal.checkpoint.TableImage;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.medium.StoreMedium;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.storage.UnloadingStorage;
import io.timelog.internal.tombstone.Tombstones;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Makes stores that are not empty: of a directory, or of what others have exported. */
public final class StoreOpening {
  private static final int FLUSHES_PER_BUDGET = 16;

  /** An import that takes a larger part of what is free is not brought into memory. */
  private static final int PART_FOR_IMPORT = 2;

  private final StoreEngine store;

  private StoreOpening(StoreEngine store) {
    this.store = store;
  }

  /**
   * A store made of the tables of one or several others.
   *
   * @param imports what becomes of these tables
   * @param tables the settings of the tables, each of which has a name of its own
   * @throws MemoryBudgetExceededException if there is no room; nothing is left behind
   * @throws TimelogException if a file is not there, or not as it was exported; nothing is left
   *     behind
   */
  public static StoreEngine importing(
      StoreSettings settings,
      StoreMedium medium,
      StoreObservers observers,
      StoreImports imports,
      List<TableSettings> tables) {
    StoreEngine store = new StoreEngine(settings, medium, observers, imports.firstVersion());
    try {
      if (medium instanceof DirectoryMedium directory) {
        store.beginCommits(directory.log());
      }
      new StoreOpening(store).importTables(imports, tables);
      store.wasImported();
      return store;
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private void importTables(StoreImports imports, List<TableSettings> tables) {
    List<TableImage> images = images(imports, tables);
    for (int i = 0; i < images.size(); i++) {
      store.restoreTable(i, tables.get(i), images.get(i));
    }
  }

  /*
   * Nothing leaves memory to make room for an import, because there is no writer yet who would relieve the
   * store. So what would fill the memory does not come into it. Other stores of the budget may take what
   * was free when that was decided, all the more if they are being imported at the same time.
   */
  private List<TableImage> images(StoreImports imports, List<TableSettings> tables) {
    StoreParts parts = store.parts();
    MemoryAccount memory = parts.pool();
    Destination inMemory = new Destination(parts.storage(), Adoption.NONE);
    if (!memory.segmentsCanLeave()) {
      return images(imports, tables, inMemory);
    }
    Destination inFiles =
        new Destination(new UnloadingStorage(parts.storage()), parts.storage()::adopt);
    boolean fits = imports.bytes() <= memory.availableBytes() / PART_FOR_IMPORT;
    try {
      return images(imports, tables, fits ? inMemory : inFiles);
    } catch (MemoryBudgetExceededException othersHaveIt) {
      memory.relieveOthers(memory.limitBytes() / PART_FOR_IMPORT);
      return images(imports, tables, inFiles);
    }
  }

  /** Where segments of an import are made, or found. */
  private record Destination(SegmentStorage storage, Adoption adoption) {}

  private List<TableImage> images(
      StoreImports imports, List<TableSettings> tables, Destination destination) {
    return imports.tables(tables.stream().map(table -> wanted(table, destination)).toList());
  }

  private StoreImports.Wanted wanted(TableSettings table, Destination destination) {
    StoreParts parts = store.parts();
    WindowMerger merger =
        new WindowMerger(
            destination.storage(),
            table.name(),
            parts.settings().targetPageBytes(),
            table.index(),
            parts.maxSegmentBytes(),
            parts.segmentNames());
    return new StoreImports.Wanted(
        table.shape(),
        new ImportTarget(
            destination.storage(),
            destination.adoption(),
            parts.pool(),
            merger,
            noRoom -> parts.refusals().explained(noRoom, table.name())));
  }

  /**
   * The store that was committed last in a directory. Reads where its rows lie, not the rows, and
   * does again what the log has.
   *
   * @param directory closed with the store, also if there is none because this fails
   * @throws MemoryBudgetExceededException if there is no room
   * @throws TimelogException if a file cannot be read or written, or is not as it was written
   */
  public static StoreEngine open(
      StoreSettings settings, DirectoryMedium directory, StoreObservers observers) {
    StoreManifest found = directory.last();
    StoreEngine store =
        new StoreEngine(settings, directory, observers, found.contents().version() + 1);
    try {
      StoreOpening opening = new StoreOpening(store);
      opening.restore(found);
      opening.replay(directory, found);
      store.beginCommits(directory.log());
      return store;
    } catch (TimelogException e) {
      store.close();
      throw directory.located(e);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private void restore(StoreManifest found) {
    for (TableEntry table : found.contents().tables()) {
      store.restoreTable(table.id(), TableSettings.of(table.shape()), stored(table));
    }
    store.reserveTables(found.nextTable());
  }

  private TableImage stored(TableEntry table) {
    StoreParts parts = store.parts();
    try {
      return StoredTable.open(table, parts.storage());
    } catch (MemoryBudgetExceededException noRoom) {
      throw parts.refusals().explained(noRoom, table.shape().name());
    }
  }

  private void replay(DirectoryMedium directory, StoreManifest found) {
    RecoveredLog log = directory.log();
    LogReplay replay = new LogReplay(this, found);
    // It was accepted before, however full the memory was.
    MemoryAccount memory = store.parts().pool();
    Purpose before = memory.begin(Purpose.NO_GROWTH);
    try {
      log.replay(replay);
    } catch (IOException e) {
      throw directory.refusedToOpen(e);
    } finally {
      memory.endPurpose(before);
    }
    directory.replayed(replay.entries());
  }

  Collection<TableEngine> tables() {
    return store.tables().values();
  }

  /**
   * How much may be written before it is flushed. In the end all of it is, each window as a whole;
   * so while most of the memory is free, nothing need be flushed before.
   */
  long bytesToFlush() {
    MemoryAccount memory = store.parts().pool();
    return memory.availableBytes() > memory.limitBytes() / 4 * 3
        ? Long.MAX_VALUE
        : memory.limitBytes() / FLUSHES_PER_BUDGET;
  }

  /** Flushes what was written. */
  void flush() {
    store.flush();
  }

  /** Makes a table without entries. */
  TableEngine newTable(int id, TableShape shape) {
    TableImage empty = new TableImage(List.of(), Tombstones.NONE, Long.MIN_VALUE, Long.MIN_VALUE);
    return store.restoreTable(id, TableSettings.of(shape), empty);
  }

  /** Removes a table. */
  void drop(TableEngine table) {
    store.dropTable(table.name());
  }

  /** Lets the log forget what it was told: it has that. */
  void forget() {
    store.parts().journal().forget();
  }
}
