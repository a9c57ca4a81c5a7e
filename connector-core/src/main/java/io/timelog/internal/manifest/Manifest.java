package io.timelog.internal.manifest;

import java.util.List;
import java.util.UUID;

/**
 * A store at one moment.
 *
 * @param store the store
 * @param version the version of the store at that moment: that of no delete or row is newer
 * @param tables the tables, in the order in which they were made
 */
public record Manifest(UUID store, long version, List<TableEntry> tables) {
  /** Copies the list. */
  public Manifest {
    tables = List.copyOf(tables);
  }
}
