package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A stored file that has one or several files of the engine, one behind the other. A checkpoint of
 * many small windows would otherwise be as many small files, which object stores are slow with.
 *
 * @param name unique for ever, which is also what Flink knows the file by
 * @param files in order, without gaps
 */
record Pack(String name, List<PackedFile> files) {
  /*
   * A pack is gone from the storage when the last of its files is not needed any more, so larger
   * packs waste more space. Below this size the cost of a file outweighs that of its bytes.
   */
  private static final long ENOUGH_BYTES = 4 << 20;

  /** Copies the list. */
  Pack {
    files = List.copyOf(files);
  }

  /**
   * A file of the engine in a pack.
   *
   * @param name the name that the engine gave it
   * @param offset where it starts in the pack, in bytes
   * @param length in bytes
   */
  record PackedFile(String name, long offset, long length) {}

  /** Length in bytes. */
  long length() {
    PackedFile last = files.get(files.size() - 1);
    return last.offset() + last.length();
  }

  /** Distributes files over new packs, in their order. */
  static List<Pack> of(List<ExportedFile> files) {
    List<Pack> packs = new ArrayList<>();
    List<PackedFile> open = new ArrayList<>();
    long length = 0;
    for (ExportedFile file : files) {
      open.add(new PackedFile(file.name(), length, file.length()));
      length += file.length();
      if (length >= ENOUGH_BYTES) {
        packs.add(new Pack(newName(), open));
        open.clear();
        length = 0;
      }
    }
    if (!open.isEmpty()) {
      packs.add(new Pack(newName(), open));
    }
    return packs;
  }

  private static String newName() {
    return UUID.randomUUID() + ".pack";
  }
}
