package io.timelog.internal.directory;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.journal.LogRecovery;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds the store in a directory that somebody has left, be it by a crash, and removes what does
 * not belong to it; makes an empty store where there is none. Used once, by who has the lock.
 */
final class Recovery {
  private final Disk disk;
  private final ManifestFiles manifests;
  private final List<String> removed = new ArrayList<>();

  private Recovery(Disk disk) {
    this.disk = disk;
    this.manifests = new ManifestFiles(disk);
  }

  /**
   * What was found.
   *
   * @param manifest the store
   * @param nextManifest a number that no manifest of the store has or had
   * @param nextFile no file of the store has or had this number or a larger one
   * @param log what was committed after the manifest
   * @param logs the files that a log may be in, by their numbers
   * @param removed the names of files that did not belong to it
   * @param unknown the names of files that no store would make; they are left alone
   */
  record Found(
      StoreManifest manifest,
      long nextManifest,
      long nextFile,
      RecoveredLog log,
      Set<Long> logs,
      List<String> removed,
      List<String> unknown) {
    /** Copies the lists. */
    Found {
      logs = Set.copyOf(logs);
      removed = List.copyOf(removed);
      unknown = List.copyOf(unknown);
    }
  }

  /**
   * Finds the store in a directory.
   *
   * @throws TimelogCorruptionException if what is there is not what was committed; nothing was
   *     changed
   * @throws TimelogException if it was written by a version that this build does not read; nothing
   *     was changed
   * @throws IOException if the disk refuses
   */
  static Found run(Disk disk) throws IOException {
    return new Recovery(disk).run();
  }

  private Found run() throws IOException {
    DirectoryListing listing = DirectoryListing.of(disk);
    Optional<StoreManifest> newest = manifests.newest();
    if (newest.isEmpty()) {
      requireNoContents(listing);
    }
    long nextFile = newest.map(StoreManifest::nextFile).orElse(0L);
    for (StoreFile file : listing.files()) {
      if (file.isContents()) {
        nextFile = Math.max(nextFile, file.number() + 1);
      }
    }
    Set<Long> logs = newest.isPresent() ? logs(newest.get(), listing) : Set.of();
    RecoveredLog log =
        logs.isEmpty()
            ? RecoveredLog.none(disk)
            : LogRecovery.recover(
                disk,
                StoreFile::nameOfLog,
                newest.get().contents().store(),
                LogManifest.of(newest.get()),
                logs);
    // What the process before did to names may not be durable, not even the manifest that was
    // found; and without that nothing may go that an older one names.
    disk.syncDirectory();
    if (newest.isPresent()) {
      StoreManifest manifest = newest.get();
      long nextManifest = manifests.nextNumber();
      Set<Long> kept = new HashSet<>(FileLedger.filesOf(manifest));
      kept.addAll(logs);
      remove(listing.files(), manifest.number(), kept);
      return new Found(manifest, nextManifest, nextFile, log, logs, removed, listing.unknown());
    }
    StoreManifest empty = empty(manifests.nextNumber(), nextFile);
    remove(listing.files(), empty.number(), Set.of());
    manifests.write(empty);
    return new Found(empty, empty.number() + 1, nextFile, log, logs, removed, listing.unknown());
  }

  /**
   * The files that a log may be in; none if the manifest names none, because then one was begun at
   * most and has nothing.
   */
  private static Set<Long> logs(StoreManifest manifest, DirectoryListing listing) {
    return manifest.logs().isEmpty() ? Set.of() : listing.numbers(Kind.LOG);
  }

  private static void requireNoContents(DirectoryListing listing) {
    Optional<StoreFile> any = listing.anyContents();
    if (any.isPresent()) {
      throw new TimelogCorruptionException(
          "There are segments of a store, but no manifest that says what they are",
          any.get().name(),
          0);
    }
  }

  private static StoreManifest empty(long number, long nextFile) {
    return new StoreManifest(
        number,
        0,
        null,
        nextFile,
        0,
        0,
        0,
        new Manifest(UUID.randomUUID(), 0, List.of()),
        List.of(),
        List.of(),
        List.of());
  }

  /** Removes other manifests first, so that none ever names a file that is not there any more. */
  private void remove(List<StoreFile> files, long manifest, Set<Long> named) throws IOException {
    for (StoreFile file : files) {
      boolean isOther =
          file.kind() == Kind.NEW_MANIFEST
              || (file.kind() == Kind.MANIFEST && file.number() != manifest);
      if (isOther) {
        remove(file);
      }
    }
    for (StoreFile file : files) {
      if (file.isContents() && !named.contains(file.number())) {
        remove(file);
      }
    }
  }

  private void remove(StoreFile file) throws IOException {
    disk.delete(file.name());
    removed.add(file.name());
  }
}
