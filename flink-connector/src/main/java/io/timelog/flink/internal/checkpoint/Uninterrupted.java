package io.timelog.flink.internal.checkpoint;

/**
 * Tidies up after a snapshot that failed. Who cancels one interrupts its threads, too, and some
 * storages do nothing for a thread that is interrupted: what it should delete would stay for ever.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs it on this thread as if that was not interrupted, which it is again afterwards. */
  static void run(Runnable tidying) {
    boolean interrupted = Thread.interrupted();
    try {
      tidying.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
