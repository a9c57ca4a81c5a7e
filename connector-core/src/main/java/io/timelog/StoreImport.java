package io.timelog;

import io.timelog.internal.checkpoint.StoreImports;
import io.timelog.internal.engine.StoreObservers;
import io.timelog.internal.engine.StoreOpening;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.engine.TableSettings;
import io.timelog.internal.manifest.ManifestFormat;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.medium.MemoryMedium;
import io.timelog.internal.medium.StoreMedium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store of what one or several others exported: all of it, or the key groups that the new
 * store is to own.
 *
 * <pre>{@code
 * TimelogStore store =
 *     StoreImport.into(TimelogStore.builder().name("restored"))
 *         .table(options)                                   // if it has a drop listener
 *         .add(metadata, name -> openMyFile(name), 0, 63)   // once for each export
 *         .finish();
 * }</pre>
 *
 * <p>A file of which all keys are wanted is copied as it is and keeps its name: the next export of
 * the new store names it again. Of other files only the wanted key groups are read, and written
 * into new ones. Where several exports are joined, files that deletes over all keys touch are
 * written anew, too, because deletes of one store must not hide entries of another. A table without
 * {@linkplain KeyGroups key groups} has all its keys in key group 0.
 *
 * <p>For one thread, and used once.
 */
public final class StoreImport {
  private static final String METADATA = "metadata of an export";

  private final StoreSettings settings;

  /** Null if the store is kept in memory only. */
  private final @Nullable Path directory;

  private final Map<String, TableOptions> declared = new LinkedHashMap<>();
  private final StoreImports imports = new StoreImports();
  private boolean finished;

  private StoreImport(StoreSettings settings, @Nullable Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /**
   * An import into a new store.
   *
   * @param settings of the store, which need not be those of the exported ones
   * @throws IllegalArgumentException if the memtables may take more than the budget
   */
  public static StoreImport into(TimelogStore.Builder settings) {
    return new StoreImport(settings.storeSettings(), null);
  }

  /**
   * An import into a new store in a directory, which is taken when the import is finished. What was
   * imported is there again after the first {@link TimelogStore#commit}, and not before: a crash
   * until then leaves a directory in which nothing was committed, into which can be imported again.
   * What would take more than half of the memory that is free lies in files from the beginning, and
   * is read when it is asked for.
   *
   * @param directory made if it is not there; no store may have committed anything to it
   * @param settings of the store, which need not be those of the exported ones
   * @throws IllegalArgumentException if the memtables may take more than the budget
   */
  public static StoreImport into(Path directory, TimelogStore.Builder settings) {
    return new StoreImport(
        settings.storeSettings(), Objects.requireNonNull(directory, "directory"));
  }

  /**
   * Declares a table: what is not exported, such as its drop listener, is taken from here; the rest
   * must be as it was exported. A table that no export has becomes an empty one. Tables that are
   * not declared become what they were, without a listener.
   *
   * @throws IllegalArgumentException if a table of this name was declared before
   */
  public StoreImport table(TableOptions options) {
    if (declared.putIfAbsent(options.name(), options) != null) {
      throw new IllegalArgumentException(
          "A table of this name was declared before: table=" + options.name());
    }
    return this;
  }

  /**
   * Adds key groups of an export. Its files are opened when the import is finished.
   *
   * @param metadata {@link StoreExport#metadata()}
   * @param files opens the files of the export by name
   * @param firstKeyGroup the first key group
   * @param lastKeyGroup the last key group, included; {@link Integer#MAX_VALUE} for all
   * @throws TimelogCorruptionException if the metadata is not as it was exported
   * @throws TimelogException if the metadata has a format that this build does not read
   * @throws IllegalArgumentException if the range is empty or negative, or a key group of it was
   *     added before
   */
  public StoreImport add(byte[] metadata, FileSource files, int firstKeyGroup, int lastKeyGroup) {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(files, "files");
    if (firstKeyGroup < 0 || firstKeyGroup > lastKeyGroup) {
      throw new IllegalArgumentException(
          "A range of key groups must not be empty or negative: firstKeyGroup="
              + firstKeyGroup
              + ", lastKeyGroup="
              + lastKeyGroup);
    }
    imports.add(ManifestFormat.decode(metadata, METADATA), files, firstKeyGroup, lastKeyGroup);
    return this;
  }

  /**
   * Has each file read on a thread of this executor, several at a time if it has several. Their
   * sources must be thread-safe then; each file is still used by one thread. Default: the thread
   * that finishes the import reads all.
   *
   * @param threads runs what it is given at some time, without waiting for the thread that finishes
   */
  public StoreImport executor(Executor threads) {
    imports.readBy(Objects.requireNonNull(threads, "threads"));
    return this;
  }

  /**
   * Reads the files and makes the store. When it throws, no store was made and no memory is held;
   * nothing was committed to the directory, if there is one.
   *
   * @throws IllegalStateException if this was called before, or if there is a directory to which
   *     something was committed
   * @throws StoreLockedException if another store has the directory
   * @throws TimelogStorageException if the file system refuses
   * @throws IllegalArgumentException if a table was exported with other settings than declared, or
   *     than in another export
   * @throws TimelogCorruptionException if a file is not as it was exported, or has another length;
   *     names the file and the offset
   * @throws TimelogException if a file cannot be opened or read, or has a format that this build
   *     does not read; names the file
   * @throws MemoryBudgetExceededException if the entries do not fit into the memory budget
   */
  public TimelogStore finish() {
    if (finished) {
      throw new IllegalStateException("An import can be finished only once");
    }
    finished = true;
    List<TableSettings> tables = tables();
    return TimelogStore.over(
        StoreOpening.importing(settings, medium(), StoreObservers.installed(), imports, tables));
  }

  private StoreMedium medium() {
    Path path = directory;
    if (path == null) {
      return new MemoryMedium();
    }
    DirectoryMedium medium =
        DirectoryMedium.open(path, settings.name(), settings.maxOpenFiles(), settings.codecs());
    long commit = medium.recovery().commit();
    if (commit > 0) {
      medium.close();
      throw new IllegalStateException(
          "A store was committed to the directory, import into another one: directory="
              + path
              + ", commit="
              + commit);
    }
    return medium;
  }

  private List<TableSettings> tables() {
    List<TableSettings> tables = new ArrayList<>();
    for (TableShape shape : imports.tables().values()) {
      TableOptions options = declared.get(shape.name());
      tables.add(options == null ? TableSettings.of(shape) : options.settings());
    }
    for (TableOptions options : declared.values()) {
      if (!imports.tables().containsKey(options.name())) {
        tables.add(options.settings());
      }
    }
    return tables;
  }
}
