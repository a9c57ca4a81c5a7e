package io.timelog.internal.directory;

import io.timelog.PageCodec;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The files in which segments of a store lie, and which of the open segments lie in which. One
 * thread at a time writes; any thread opens and closes segments.
 */
final class SegmentFiles {
  private final Disk disk;
  private final FileLedger ledger;
  private final FileNumbers numbers;
  private final @Nullable PageCodec codec;

  /** Where the segments of the manifest lie that was found. */
  private final Map<FileId, SegmentPlace> found = new HashMap<>();

  /** Where open segments lie; those that lie in no file are not here. */
  private final ConcurrentMap<FileId, Placed> places = new ConcurrentHashMap<>();

  private final OpenFiles openFiles;
  private final UnforcedFiles unforced;

  /** The place of a segment, and how often it is open. */
  private record Placed(SegmentPlace place, int handles) {}

  /**
   * The files that a manifest names.
   *
   * @param maxOpenFiles how many of them stay open for reading
   * @param codec compresses what is written; null if it is written as it is
   */
  SegmentFiles(
      Disk disk,
      FileLedger ledger,
      StoreManifest manifest,
      FileNumbers numbers,
      int maxOpenFiles,
      @Nullable PageCodec codec) {
    this.disk = disk;
    this.ledger = ledger;
    this.numbers = numbers;
    this.codec = codec;
    this.openFiles = new OpenFiles(disk, maxOpenFiles);
    this.unforced = new UnforcedFiles(disk);
    Map<FileId, Long> lengths = new HashMap<>();
    manifest
        .contents()
        .segments()
        .forEach(segment -> lengths.put(segment.file(), segment.length()));
    for (PlacedSegment place : manifest.places()) {
      // Decoding has checked that each place has a segment.
      long length = Objects.requireNonNull(lengths.get(place.segment()));
      found.put(place.segment(), new SegmentPlace(place, length));
    }
  }

  /** Where a segment lies that was found, or is open; null if it lies in no file. */
  @Nullable SegmentPlace place(FileId segment) {
    Placed open = places.get(segment);
    return open == null ? found.get(segment) : open.place();
  }

  /**
   * Reads bytes of the file in which a segment lies, from {@code offset} behind its beginning on,
   * into all that {@code target} has room for.
   *
   * @throws IOException if they cannot be had
   */
  void read(SegmentPlace place, long offset, ByteBuffer target) throws IOException {
    openFiles.read(place.file(), place.offset() + offset, target);
  }

  /** Keeps no file open but while it is read. */
  void keepNoneOpen() throws IOException {
    openFiles.keepNone();
  }

  /**
   * A segment was opened, or is made now. If it lies in a file, that is held until it is
   * {@linkplain #closed closed}.
   */
  void opened(FileId segment) {
    SegmentPlace place = place(segment);
    if (place != null) {
      hold(segment, place);
    }
  }

  private void hold(FileId segment, SegmentPlace place) {
    ledger.hold(place.number());
    places.merge(
        segment, new Placed(place, 1), (open, one) -> new Placed(place, open.handles() + 1));
  }

  /** An open segment was closed, be it one of several handles. */
  void closed(FileId segment) {
    places.computeIfPresent(
        segment,
        (of, open) -> {
          ledger.release(open.place().number());
          return open.handles() == 1 ? null : new Placed(open.place(), open.handles() - 1);
        });
  }

  /**
   * Has some open segments lie in files whose bytes are durable: writes those that lie in none yet,
   * and forces what was written without. The names of the files are not durable then.
   *
   * @param segments stay open during the call
   * @return where all of them lie, each once
   * @throws IOException if the disk refuses; nothing of what was written counts
   */
  List<PlacedSegment> write(Iterable<Segment> segments) throws IOException {
    Map<FileId, PlacedSegment> all = new LinkedHashMap<>();
    List<SegmentPlace> written = new ArrayList<>();
    try (PackOutput output = forcedOutput()) {
      for (Segment segment : segments) {
        FileId id = FileId.of(segment.name());
        PlacedSegment place = soundPlace(id);
        if (place == null) {
          place = output.write(id, UnstoredSegment.of(segment));
          written.add(new SegmentPlace(place, segment.sizeBytes()));
        }
        all.put(id, place);
      }
      output.finish();
    }
    for (PlacedSegment place : all.values()) {
      unforced.force(place.file());
    }
    written.forEach(this::holdWritten);
    return List.copyOf(all.values());
  }

  private PackOutput forcedOutput() {
    return output((file, number) -> file.force());
  }

  private PackOutput output(PackOutput.Ending ending) {
    return new PackOutput(disk, numbers::take, ledger, codec, ending);
  }

  /** Where an open segment lies, if its bytes are durable there or can be made so; else null. */
  private @Nullable PlacedSegment soundPlace(FileId segment) {
    Placed open = places.get(segment);
    return open == null || unforced.isDoubtful(open.place().number())
        ? null
        : open.place().placed();
  }

  private void holdWritten(SegmentPlace place) {
    FileId segment = place.placed().segment();
    if (places.containsKey(segment)) {
      moved(segment, place);
    } else {
      hold(segment, place);
    }
  }

  /**
   * An open segment lies elsewhere from now on. Who has it open goes on to read where it was, so
   * that file stays until the store is closed.
   */
  private void moved(FileId segment, SegmentPlace place) {
    places.computeIfPresent(
        segment,
        (of, open) -> {
          for (int handle = 0; handle < open.handles(); handle++) {
            ledger.hold(place.number());
          }
          return new Placed(place, open.handles());
        });
  }

  /**
   * Writes a segment that no commit has named yet, and which is open; the next commit that has it
   * only names it.
   *
   * @throws IOException if the disk refuses; nothing of what was written counts
   */
  void spill(FileId id, UnstoredSegment segment) throws IOException {
    spill(id, segment, forcedOutput());
  }

  /** As {@link #spill}, but does not wait for the disk: the next commit that has it does. */
  void spillUnforced(FileId id, UnstoredSegment segment) throws IOException {
    spill(id, segment, output((file, number) -> unforced.add(number)));
  }

  private void spill(FileId id, UnstoredSegment segment, PackOutput to) throws IOException {
    PlacedSegment place;
    try (to) {
      place = to.write(id, segment);
      to.finish();
    }
    hold(id, new SegmentPlace(place, segment.length()));
  }

  /**
   * Has a segment lie in a file of the machine, which becomes one of the store and is not forced
   * for it; false if that cannot be had without a copy. It is held as if the segment were open
   * once.
   */
  boolean adopt(FileId id, long length, Path file) throws IOException {
    StoreFile name = new StoreFile(Kind.SEGMENTS, numbers.take());
    if (!disk.link(file, name.name())) {
      return false;
    }
    ledger.add(name);
    unforced.add(name.number());
    hold(id, new SegmentPlace(new PlacedSegment(id, name.number(), 0), length));
    return true;
  }

  /** Whether the file of a segment is somewhere else as well now, without a copy. */
  boolean linkTo(SegmentPlace place, Path target) throws IOException {
    return place.offset() == 0
        && !place.placed().isCompressed()
        && disk.length(place.file()) == place.length()
        && disk.linkTo(place.file(), target);
  }

  /** Deletes a file of segments that nobody names, if it is still there. */
  void delete(StoreFile file) throws IOException {
    openFiles.close(file.name());
    disk.deleteIfPresent(file.name());
    unforced.deleted(file.number());
  }
}
