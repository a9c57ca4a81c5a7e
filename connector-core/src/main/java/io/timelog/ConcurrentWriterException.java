package io.timelog;

/**
 * Two threads wrote to one store at the same time. A store has one writer at a time; this write was
 * not accepted, the other one goes on. Hand the store from thread to thread with proper
 * synchronization, or give each writer a store of its own.
 */
public final class ConcurrentWriterException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** For the store of this name. */
  public ConcurrentWriterException(String store) {
    super(
        "Another thread is writing to this store at this moment, and a store has one writer at a"
            + " time; this write was not accepted: store="
            + store);
  }
}
