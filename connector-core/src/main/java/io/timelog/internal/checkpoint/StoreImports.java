package io.timelog.internal.checkpoint;

import io.timelog.FileSource;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The exported stores that a new one is made of. Not thread-safe. */
public final class StoreImports {
  private final List<ParentStore> parents = new ArrayList<>();
  private Executor executor = Runnable::run;

  /** None. */
  public StoreImports() {}

  /**
   * Adds key groups of a store.
   *
   * @throws IllegalArgumentException if some of the key groups were added from a store before
   */
  public void add(Manifest manifest, FileSource files, int firstGroup, int lastGroup) {
    for (ParentStore other : parents) {
      if (firstGroup <= other.lastGroup() && other.firstGroup() <= lastGroup) {
        throw new IllegalArgumentException(
            "A key group can be imported from one export only: keyGroups="
                + firstGroup
                + ".."
                + lastGroup
                + ", added before="
                + other.firstGroup()
                + ".."
                + other.lastGroup());
      }
    }
    parents.add(new ParentStore(manifest, files, firstGroup, lastGroup));
  }

  /** Has files read by this executor, from where they are opened to where they are closed. */
  public void readBy(Executor threads) {
    executor = threads;
  }

  /** The tables of all stores, by name. */
  public Map<String, TableShape> tables() {
    Map<String, TableShape> shapes = new LinkedHashMap<>();
    for (ParentStore parent : parents) {
      for (TableEntry table : parent.manifest().tables()) {
        shapes.putIfAbsent(table.shape().name(), table.shape());
      }
    }
    return shapes;
  }

  /**
   * The version with which the new store begins: newer than every version that it takes over, which
   * it does from a single store.
   */
  public long firstVersion() {
    return isOfOneStore() ? parents.get(0).manifest().version() + 1 : 0;
  }

  /** The length of all files of which anything is wanted. */
  public long bytes() {
    return parents.stream().mapToLong(ParentStore::wantedBytes).sum();
  }

  private boolean isOfOneStore() {
    return parents.size() == 1;
  }

  /** A table to be imported. */
  public record Wanted(TableShape shape, ImportTarget target) {}

  /**
   * Imports tables, each of which is empty if no store has it. Nothing is left behind if that
   * fails.
   *
   * @return the tables, in order
   * @throws IllegalArgumentException if a store has a table with other settings
   * @throws io.timelog.TimelogException if a file is not there, or not as it was exported
   * @throws io.timelog.MemoryBudgetExceededException if there is no room
   */
  public List<TableImage> tables(List<Wanted> tables) {
    List<TableImport> imports = new ArrayList<>();
    for (Wanted table : tables) {
      imports.add(
          new TableImport(table.shape(), parts(table.shape()), isOfOneStore(), table.target()));
    }
    try {
      new ImportThreads(executor)
          .runAll(imports.stream().flatMap(table -> table.pieces().stream()).toList());
      return imports.stream().map(TableImport::image).toList();
    } catch (RuntimeException | Error e) {
      imports.forEach(TableImport::discard);
      throw e;
    }
  }

  private List<TableImport.Part> parts(TableShape shape) {
    List<TableImport.Part> parts = new ArrayList<>();
    for (ParentStore parent : parents) {
      for (TableEntry table : parent.manifest().tables()) {
        if (table.shape().name().equals(shape.name())) {
          requireSame(table.shape(), shape);
          parts.add(new TableImport.Part(parent, table));
        }
      }
    }
    return parts;
  }

  private static void requireSame(TableShape exported, TableShape wanted) {
    if (!exported.equals(wanted)) {
      throw new IllegalArgumentException(
          "A table must be imported with the settings that it was exported with: exported="
              + exported
              + ", wanted="
              + wanted);
    }
  }
}
