package io.timelog.internal.directory;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.cache.PageCache;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.compression.StoredPlace;
import io.timelog.internal.compression.StoredSegment;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** The segments of a store that are read where they lie in its files. Thread-safe. */
final class FileSegments {
  private final SegmentFiles files;
  private final PageCodecs codecs;
  private final MemoryAccount memory;
  private final PageCache cache;
  private final Function<IOException, TimelogException> refused;

  /** The inputs that are read, and what each of them reads. */
  private final ConcurrentMap<FileInput, StoredSegment> open = new ConcurrentHashMap<>();

  /**
   * Segments of files.
   *
   * @param codecs decompress what is compressed
   * @param memory pays for what of them is in memory
   * @param refused says what it means that a file cannot be read
   */
  FileSegments(
      SegmentFiles files,
      PageCodecs codecs,
      MemoryAccount memory,
      Function<IOException, TimelogException> refused) {
    this.files = files;
    this.codecs = codecs;
    this.memory = memory;
    this.cache = PageCache.of(memory);
    this.refused = refused;
  }

  /**
   * An input of a segment, which is to be given back to {@link #closed}.
   *
   * @throws TimelogException if it is compressed and cannot be decompressed
   */
  FileInput open(FileId segment, SegmentPlace place) {
    StoredSegment stored =
        new StoredPlace(
                place.file(),
                place.offset(),
                place.placed().compressedLength(),
                (offset, target) -> read(place, offset, target))
            .open(place.length(), codecs, new LentExtents(memory));
    FileInput input =
        new FileInput(
            segment.name(),
            place.length(),
            stored,
            cache,
            memory,
            damage -> located(damage, place, stored.fileOffset(damage.offset())));
    open.put(input, stored);
    return input;
  }

  private void read(SegmentPlace place, long offset, ByteBuffer target) {
    try {
      files.read(place, offset, target);
    } catch (IOException e) {
      throw refused.apply(e);
    }
  }

  /** Whether the file of a segment is somewhere else as well now, without a copy. */
  boolean linkTo(SegmentPlace place, Path target) {
    try {
      return files.linkTo(place, target);
    } catch (IOException e) {
      throw refused.apply(e);
    }
  }

  /** The same damage, told by the file in which the segment lies. */
  static TimelogCorruptionException located(TimelogCorruptionException damage, SegmentPlace place) {
    return located(damage, place, place.fileOffset(damage.offset()));
  }

  private static TimelogCorruptionException located(
      TimelogCorruptionException damage, SegmentPlace place, long fileOffset) {
    TimelogCorruptionException located =
        new TimelogCorruptionException(
            "A segment is damaged: " + damage.getMessage(), place.file(), fileOffset);
    located.initCause(damage);
    return located;
  }

  /** An input is not read any more. */
  void closed(FileInput input) {
    StoredSegment stored = open.remove(input);
    input.close();
    if (stored != null) {
      stored.close();
    }
  }

  /** The bytes of memory that all of them take at present. */
  long heldBytes() {
    long held = 0;
    for (Map.Entry<FileInput, StoredSegment> input : open.entrySet()) {
      held += input.getKey().heldBytes() + input.getValue().heldBytes();
    }
    return held;
  }
}
