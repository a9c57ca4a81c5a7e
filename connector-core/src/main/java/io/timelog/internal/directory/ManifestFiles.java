package io.timelog.internal.directory;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.StoreManifestFormat;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The manifests of a store in a directory. The one with the largest number is the store; the others
 * are what a swap has left, or has not finished. Belongs to one thread.
 */
public final class ManifestFiles {
  private final Disk disk;

  /** Of the store in the directory of a disk. */
  public ManifestFiles(Disk disk) {
    this.disk = disk;
  }

  /**
   * Makes a manifest the newest one, durably and at once: a crash leaves the store as this manifest
   * says, or as the one before did. The files that it names must have been forced; that they have
   * their names is made durable here. Older manifests stay.
   *
   * @throws IOException if it is not known to have happened; what this or the manifest before names
   *     must then be kept, until a later call succeeds
   */
  public void write(StoreManifest manifest) throws IOException {
    String temporary = new StoreFile(Kind.NEW_MANIFEST, manifest.number()).name();
    // A manifest must not be found by a crash that has lost the name of a file in it.
    disk.syncDirectory();
    try (AppendFile file = disk.create(temporary)) {
      file.write(ByteBuffer.wrap(StoreManifestFormat.encode(manifest)));
      file.force();
    }
    disk.rename(temporary, new StoreFile(Kind.MANIFEST, manifest.number()).name());
    disk.syncDirectory();
  }

  /**
   * The newest manifest; empty if there are none. It is whole and all of its files are there,
   * whenever there was a crash: {@link #write} sees to both before the manifest has its name. So if
   * it is not, that is damage, and an older manifest would be an older state of the store without
   * anybody being told.
   *
   * @throws TimelogCorruptionException if it is not as it was written, or if a file that it names
   *     is missing or has become shorter
   * @throws TimelogException if it has a format that this build does not read
   * @throws IOException if a file cannot be read
   */
  public Optional<StoreManifest> newest() throws IOException {
    Optional<StoreManifest> newest = readNewest();
    if (newest.isPresent()) {
      StoreManifest manifest = newest.get();
      String name = new StoreFile(Kind.MANIFEST, manifest.number()).name();
      requireFiles(manifest, Set.copyOf(files()), name);
    }
    return newest;
  }

  /** As {@link #newest}, but looks at no other file: those that it names need not be there. */
  public Optional<StoreManifest> readNewest() throws IOException {
    for (StoreFile file : files()) {
      if (file.kind() == Kind.MANIFEST) {
        return Optional.of(read(file));
      }
    }
    return Optional.empty();
  }

  /** A number that is larger than that of every manifest in the directory, finished or not. */
  public long nextNumber() throws IOException {
    long last = 0;
    for (StoreFile file : files()) {
      if (file.kind() == Kind.MANIFEST || file.kind() == Kind.NEW_MANIFEST) {
        last = Math.max(last, file.number());
      }
    }
    return last + 1;
  }

  /** The files of the store, largest number first. */
  private List<StoreFile> files() throws IOException {
    return disk.list().stream()
        .map(StoreFile::parse)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingLong(StoreFile::number).reversed())
        .toList();
  }

  private StoreManifest read(StoreFile file) throws IOException {
    String name = file.name();
    byte[] bytes;
    try (PositionedFile input = disk.open(name)) {
      if (input.length() > Integer.MAX_VALUE) {
        throw new TimelogCorruptionException(
            "Manifest is too long: length=" + input.length(), name, 0);
      }
      bytes = new byte[(int) input.length()];
      input.read(0, ByteBuffer.wrap(bytes));
    }
    StoreManifest manifest = StoreManifestFormat.decode(bytes, name);
    if (manifest.number() != file.number()) {
      throw new TimelogCorruptionException(
          "Manifest has the name of another one: number=" + manifest.number(), name, 0);
    }
    return manifest;
  }

  private void requireFiles(StoreManifest manifest, Set<StoreFile> there, String name)
      throws IOException {
    Map<Long, Long> segmentFiles = new HashMap<>();
    Map<FileId, Long> lengths = segmentLengths(manifest);
    for (PlacedSegment place : manifest.places()) {
      // Decoding has checked that each segment has a place, and each place a segment.
      long length = Objects.requireNonNull(lengths.get(place.segment()));
      long end = place.offset() + place.storedLength(length);
      segmentFiles.merge(place.file(), end, Math::max);
    }
    for (Map.Entry<Long, Long> file : segmentFiles.entrySet()) {
      requireFile(new StoreFile(Kind.SEGMENTS, file.getKey()), file.getValue(), there, name);
    }
    for (LogEntry log : manifest.logs()) {
      requireFile(new StoreFile(Kind.LOG, log.file()), Math.max(0, log.length()), there, name);
    }
  }

  private static Map<FileId, Long> segmentLengths(StoreManifest manifest) {
    Map<FileId, Long> lengths = new HashMap<>();
    manifest
        .contents()
        .segments()
        .forEach((SegmentEntry segment) -> lengths.put(segment.file(), segment.length()));
    return lengths;
  }

  private void requireFile(StoreFile file, long length, Set<StoreFile> there, String manifest)
      throws IOException {
    if (!there.contains(file)) {
      throw new TimelogCorruptionException(
          "Manifest names a file that is not there: file=" + file.name(), manifest, 0);
    }
    long actual = disk.length(file.name());
    if (actual < length) {
      throw new TimelogCorruptionException(
          "Manifest names a file that was longer: file="
              + file.name()
              + ", expectedLength="
              + length
              + ", length="
              + actual,
          manifest,
          0);
    }
  }

  /**
   * Deletes all manifests but one, which {@link #write} has returned for or {@link #newest} has
   * found, and what is left of unfinished ones.
   *
   * @throws IOException if one cannot be deleted; a later call goes on
   */
  public void deleteOthers(StoreManifest kept) throws IOException {
    for (StoreFile file : files()) {
      if (file.kind() == Kind.NEW_MANIFEST
          || (file.kind() == Kind.MANIFEST && file.number() != kept.number())) {
        disk.delete(file.name());
      }
    }
  }
}
