package io.timelog.flink.internal.checkpoint;

import io.timelog.FileSource;
import java.io.Closeable;

/** The files of the engine in a snapshot that is being restored. Thread-safe. */
interface SnapshotFiles extends FileSource, Closeable {
  /** Where a file is, for messages. */
  String place(String file);
}
