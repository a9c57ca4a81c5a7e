package io.timelog;

import io.timelog.internal.checkpoint.CutSegment;
import io.timelog.internal.checkpoint.StoreCut;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TimelogStore} at one moment as immutable files, for a checkpoint or a backup. {@link
 * StoreImport} makes a store of them again.
 *
 * <pre>{@code
 * StoreExport export = store.beginExport();             // the writer, which then goes on
 * ...
 * try (export) {                                        // any thread
 *   for (ExportedFile file : export.write()) {
 *     if (!storedAlready(file.name())) { upload(file.name(), file.newInputStream()); }
 *   }
 *   upload("metadata", export.metadata());
 * }
 * }</pre>
 *
 * <p>Whatever is written, deleted, flushed or merged after {@link TimelogStore#beginExport()}, the
 * export has what was visible then. What it flushes becomes part of the store, so an export that
 * follows names the same files, and has new ones only of what was written or merged since.
 *
 * <p>An export holds memory: of windows that the store drops or merges meanwhile, until it is
 * closed. Close it soon. It outlives its store: what was written before the store was closed stays
 * readable. Thread-safe; closing it while another thread writes or reads is safe, too.
 */
public final class StoreExport implements AutoCloseable {
  private final StoreCut cut;
  private volatile @Nullable Map<String, ExportedFile> files;

  StoreExport(StoreCut cut) {
    this.cut = cut;
  }

  /**
   * Writes what was in memory at the moment of the export, on the calling thread, while the writer
   * and readers go on. Costs a flush of that; a second call costs nothing.
   *
   * @return all files of the export, without those of which everything was deleted
   * @throws MemoryBudgetExceededException if there is no room for a segment. The store is unharmed;
   *     what was written stays, and a later call goes on from there
   * @throws IllegalStateException if the export is closed, or if the store was closed before
   *     everything was written
   */
  public List<ExportedFile> write() {
    return List.copyOf(byName().values());
  }

  private Map<String, ExportedFile> byName() {
    List<CutSegment> segments = cut.write();
    Map<String, ExportedFile> known = files;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (CutSegment segment : segments) {
        known.put(segment.name(), new ExportedFile(cut, segment));
      }
      files = known;
    }
    return known;
  }

  /**
   * What {@link StoreImport} needs beside the files: tables and their settings, deletes, and the
   * files by name. Has a format version and a checksum. Some 100 bytes a file.
   *
   * @throws IllegalStateException if {@link #write} has not succeeded before
   */
  public byte[] metadata() {
    return cut.metadata();
  }

  /**
   * Opens a file by its name; so an export is a {@link FileSource} to import from.
   *
   * @throws IllegalArgumentException if the export has no such file
   * @throws IllegalStateException if it cannot be written, see {@link #write}
   */
  public ReadableFile open(String name) {
    Objects.requireNonNull(name, "name");
    ExportedFile file = byName().get(name);
    if (file == null) {
      throw new IllegalArgumentException("The export has no file of this name: name=" + name);
    }
    return file.open();
  }

  /**
   * Lets go of the files, and of the memory that only they need. Waits for nobody: a thread that
   * writes or reads at this moment ends that first. Closing twice does nothing.
   */
  @Override
  public void close() {
    cut.close();
  }
}
