package io.timelog.internal.directory;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.cache.PageCache;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The segments of a store that are read where they lie in its files. Thread-safe. */
final class FileSegments {
  private final SegmentFiles files;
  private final MemoryAccount memory;
  private final PageCache cache;
  private final Function<IOException, TimelogException> refused;
  private final Set<FileInput> open = ConcurrentHashMap.newKeySet();

  /**
   * Segments of files.
   *
   * @param memory pays for what of them is in memory
   * @param refused says what it means that a file cannot be read
   */
  FileSegments(
      SegmentFiles files, MemoryAccount memory, Function<IOException, TimelogException> refused) {
    this.files = files;
    this.memory = memory;
    this.cache = PageCache.of(memory);
    this.refused = refused;
  }

  /** An input of a segment, which is to be given back to {@link #closed}. */
  FileInput open(FileId segment, SegmentPlace place) {
    FileInput input =
        new FileInput(
            segment.name(),
            place.length(),
            (offset, target) -> read(place, offset, target),
            cache,
            memory,
            damage -> located(damage, place));
    open.add(input);
    return input;
  }

  private void read(SegmentPlace place, long offset, ByteBuffer target) {
    try {
      files.read(place, offset, target);
    } catch (IOException e) {
      throw refused.apply(e);
    }
  }

  /** The same damage, told by the file in which the segment lies. */
  static TimelogCorruptionException located(TimelogCorruptionException damage, SegmentPlace place) {
    TimelogCorruptionException located =
        new TimelogCorruptionException(
            "A segment is damaged: " + damage.getMessage(),
            place.file(),
            place.offset() + damage.offset());
    located.initCause(damage);
    return located;
  }

  /** An input is not read any more. */
  void closed(FileInput input) {
    open.remove(input);
    input.close();
  }

  /** The bytes of memory that all of them take at present. */
  long heldBytes() {
    return open.stream().mapToLong(FileInput::heldBytes).sum();
  }
}
