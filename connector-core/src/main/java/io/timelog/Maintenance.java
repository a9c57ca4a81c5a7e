package io.timelog;

/** Who flushes and compacts. */
public enum Maintenance {
  /** Nobody but the caller, through {@code flush()} and {@code compact()}. */
  DISABLED,
  /**
   * A thread of the {@link MaintenancePool} of the store, which never holds the writer up longer
   * than a publication.
   */
  BACKGROUND
}
