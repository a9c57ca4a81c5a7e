package io.timelog.flink.internal.checkpoint;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StateUtil;

/** The files that a snapshot has stored so far, to be deleted if it fails. Thread-safe. */
final class WrittenFiles {
  private final Queue<StateObject> files = new ConcurrentLinkedQueue<>();

  /** Adds a file. */
  void add(StateObject file) {
    files.add(file);
  }

  /** Deletes all files; what cannot be deleted is logged. */
  void discard() {
    Uninterrupted.run(
        () -> {
          StateObject file;
          while ((file = files.poll()) != null) {
            StateUtil.discardStateObjectQuietly(file);
          }
        });
  }
}
