package io.timelog.flink.internal.checkpoint;

import java.io.IOException;

/** A snapshot, or a part of it, is not what it should be. Says what is wrong, and what to do. */
final class UnreadableSnapshotException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableSnapshotException(String problem) {
    super(problem);
  }

  UnreadableSnapshotException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
