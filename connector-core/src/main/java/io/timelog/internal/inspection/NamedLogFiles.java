package io.timelog.internal.inspection;

import io.timelog.internal.directory.StoreFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogFiles;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.manifest.StoreManifest;

/** The files of a log to which nobody adds another one. */
enum NamedLogFiles implements LogFiles {
  /** Those of any store. */
  INSTANCE;

  /** What a manifest says of its log. */
  static LogManifest manifest(StoreManifest manifest) {
    return new LogManifest(manifest.logs(), manifest.nextBatch(), manifest.commit());
  }

  @Override
  public long nextNumber() {
    throw new UnsupportedOperationException("A log that is inspected gets no file");
  }

  @Override
  public String name(long number) {
    return new StoreFile(Kind.LOG, number).name();
  }
}
