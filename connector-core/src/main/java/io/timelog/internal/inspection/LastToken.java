package io.timelog.internal.inspection;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.directory.DirectoryListing;
import io.timelog.internal.directory.ManifestFiles;
import io.timelog.internal.directory.StoreFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.journal.LogRecovery;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.Optional;

/**
 * The token that was committed last. Reads the newest manifest, and of a log the checksums of its
 * batches; no row, no segment.
 */
public final class LastToken {
  private LastToken() {}

  /**
   * The token in the directory of a disk; empty if nothing was committed.
   *
   * @throws TimelogCorruptionException if what is there is not what was committed, as far as it is
   *     looked at
   * @throws io.timelog.TimelogException if it has a format that this build does not read
   * @throws IOException if the disk refuses
   */
  public static Optional<CommitToken> in(Disk disk) throws IOException {
    Optional<StoreManifest> newest = new ManifestFiles(disk).newest();
    DirectoryListing listing = DirectoryListing.of(disk);
    if (newest.isEmpty()) {
      requireNoStore(listing);
      return Optional.empty();
    }
    StoreManifest manifest = newest.get();
    if (manifest.logs().isEmpty()) {
      return Optional.ofNullable(manifest.token());
    }
    RecoveredLog log =
        LogRecovery.recover(
            disk,
            StoreFile::nameOfLog,
            manifest.contents().store(),
            LogManifest.of(manifest),
            listing.numbers(Kind.LOG));
    return Optional.ofNullable(log.tokenAfter(manifest));
  }

  private static void requireNoStore(DirectoryListing listing) {
    Optional<StoreFile> any = listing.anyContents();
    if (any.isPresent()) {
      throw new TimelogCorruptionException(
          "There are files of a store, but no manifest that says what they are",
          any.get().name(),
          0);
    }
  }
}
