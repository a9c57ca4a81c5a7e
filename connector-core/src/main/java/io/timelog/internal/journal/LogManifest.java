package io.timelog.internal.journal;

import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.StoreManifest;
import java.util.List;

/**
 * What a manifest says of a log.
 *
 * @param files the files, in order; only the last one may be open
 * @param firstBatch the number of the first batch in them
 * @param commit the number of the commit of the manifest; 0 if there was none
 */
public record LogManifest(List<LogEntry> files, long firstBatch, long commit) {
  /** Copies the list. */
  public LogManifest {
    files = List.copyOf(files);
  }

  /** What the manifest of a store says. */
  public static LogManifest of(StoreManifest manifest) {
    return new LogManifest(manifest.logs(), manifest.nextBatch(), manifest.commit());
  }
}
