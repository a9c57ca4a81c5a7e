package io.timelog.internal.manifest;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

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

  /** The same store, when it is empty. */
  public Manifest withoutTables() {
    return new Manifest(store, version, List.of());
  }

  /** The segments of all sources; one that several sources share, once for each of them. */
  public Stream<SegmentEntry> segments() {
    return tables.stream()
        .flatMap(table -> table.windows().stream())
        .flatMap(window -> window.sources().stream())
        .flatMap(source -> source.segments().stream());
  }
}
