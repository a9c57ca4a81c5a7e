package io.timelog.internal.directory;

import io.timelog.ReadableFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Where the segments of the manifest lie that was found, and how long they are. */
  private final Map<FileId, PlacedSegment> found = new ConcurrentHashMap<>();

  /** Where open segments lie; those that lie in no file are not here. */
  private final ConcurrentMap<FileId, PlacedSegment> places = new ConcurrentHashMap<>();

  /** The files that a manifest names. */
  SegmentFiles(Disk disk, FileLedger ledger, StoreManifest manifest, FileNumbers numbers) {
    this.disk = disk;
    this.ledger = ledger;
    this.numbers = numbers;
    manifest.places().forEach(place -> found.put(place.segment(), place));
  }

  /** Where a segment of the manifest that was found lies; null if there is no such segment. */
  @Nullable PlacedSegment found(FileId segment) {
    return found.get(segment);
  }

  /**
   * Opens a segment of the manifest that was found.
   *
   * @param length how long the segment is
   * @throws IOException if there is no such segment, or its file cannot be opened
   */
  ReadableFile open(FileId segment, long length) throws IOException {
    PlacedSegment place = found.get(segment);
    if (place == null) {
      throw new FileNotFoundException(segment.name());
    }
    String file = new StoreFile(Kind.SEGMENTS, place.file()).name();
    return new Slice(disk.open(file), place.offset(), length);
  }

  /**
   * A segment was opened, or is made now. If it is one of those that were found, its file is held
   * until it is {@linkplain #closed closed}.
   */
  void opened(FileId segment) {
    PlacedSegment place = found.get(segment);
    if (place != null) {
      hold(place);
    }
  }

  private void hold(PlacedSegment place) {
    ledger.hold(place.file());
    places.put(place.segment(), place);
  }

  /** An open segment was closed. */
  void closed(FileId segment) {
    PlacedSegment place = places.remove(segment);
    if (place != null) {
      ledger.release(place.file());
    }
  }

  /**
   * Writes those of some open segments that lie in no file yet. The bytes are durable then, the
   * names of the files are not.
   *
   * @param segments stay open during the call
   * @return where all of them lie, each once
   * @throws IOException if the disk refuses; nothing of what was written counts
   */
  List<PlacedSegment> write(Iterable<Segment> segments) throws IOException {
    Map<FileId, PlacedSegment> all = new LinkedHashMap<>();
    List<PlacedSegment> written = new ArrayList<>();
    try (PackOutput output = new PackOutput(disk, numbers::take, ledger)) {
      for (Segment segment : segments) {
        FileId id = FileId.of(segment.name());
        PlacedSegment place = places.get(id);
        if (place == null) {
          place = output.write(id, segment);
          written.add(place);
        }
        all.put(id, place);
      }
      output.finish();
    }
    written.forEach(this::hold);
    return List.copyOf(all.values());
  }

  /** A part of a file. */
  private record Slice(PositionedFile file, long offset, long length) implements ReadableFile {
    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      int size = (int) Math.min(target.remaining(), length - position);
      if (size <= 0) {
        return -1;
      }
      ByteBuffer part = target.slice().limit(size);
      file.read(offset + position, part);
      target.position(target.position() + size);
      return size;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
