package io.timelog.internal.inspection;

import io.timelog.internal.directory.ManifestFiles;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.journal.LogOfCommits;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.List;

/** A directory with a manifest that names a commit log, of which nothing is in segments. */
public final class DirectoryWithLog {
  private DirectoryWithLog() {}

  /**
   * A directory with a log of some commits.
   *
   * @param named the commit of the manifest
   */
  public static RecordingDisk of(int commits, long named) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    LogManifest log = LogOfCommits.write(disk, commits);
    new ManifestFiles(disk)
        .write(
            new StoreManifest(
                1,
                named,
                null,
                1_000,
                1_000,
                log.firstBatch(),
                2,
                new Manifest(LogOfCommits.STORE, 0, List.of()),
                List.of(),
                List.of(),
                log.files()));
    return new RecordingDisk(disk.files());
  }
}
