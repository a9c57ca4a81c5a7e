package io.timelog.internal.journal;

/** Tells which rows of the log a manifest that is about to be written does not have in segments. */
@FunctionalInterface
public interface LiveSerials {
  /**
   * Whether rows of a memtable window with this serial, up to the commit of the manifest, are
   * neither in segments that the manifest names nor dead.
   */
  boolean isNeeded(long serial);
}
