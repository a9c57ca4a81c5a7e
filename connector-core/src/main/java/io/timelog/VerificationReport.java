package io.timelog;

import java.util.List;
import java.util.OptionalLong;

/**
 * What {@link TimelogStore#verify} found in a directory.
 *
 * @param commit the number of the last commit, as the manifest says it, or the log where that is
 *     whole; 0 if there was none, or if no manifest could be read
 * @param tables how many tables the manifest has
 * @param segments how many segments it names
 * @param rows how many rows could be read, of segments and of the commit log: an entry that was
 *     overwritten or removed is as many rows as there are files that have one of it
 * @param bytes how many bytes count and were read: of the manifest, of segments and of the log
 * @param faults what is wrong, file by file; the first {@value #MAX_FAULTS}
 * @param omittedFaults how many more there are
 * @param tornTails what a crash has left behind the last commit of a log; lawful, and cut off when
 *     the store is opened
 * @param unnamedFiles the names of files of a store that this one does not need: what a crash, or a
 *     commit that failed, has left; lawful, and deleted when the store is opened
 * @param unknownFiles the names of files that no store makes; nobody touches them
 */
public record VerificationReport(
    long commit,
    int tables,
    int segments,
    long rows,
    long bytes,
    List<Fault> faults,
    long omittedFaults,
    List<TornTail> tornTails,
    List<String> unnamedFiles,
    List<String> unknownFiles) {
  /** No report has more faults. */
  public static final int MAX_FAULTS = 1_000;

  /** Copies the lists. */
  public VerificationReport {
    faults = List.copyOf(faults);
    tornTails = List.copyOf(tornTails);
    unnamedFiles = List.copyOf(unnamedFiles);
    unknownFiles = List.copyOf(unknownFiles);
  }

  /** Whether everything that counts is as it was written. */
  public boolean isSound() {
    return faults.isEmpty();
  }

  /**
   * Something that is not as it was written.
   *
   * @param file the name of the file in the directory
   * @param offset where it was found, in bytes from the start of the file
   * @param problem what is wrong, in words
   * @param loss what cannot be had any more because of it
   */
  public record Fault(String file, long offset, String problem, Loss loss) {}

  /**
   * Bytes behind the last commit of a log.
   *
   * @param file the name of the file in which they begin
   * @param offset where they begin
   * @param bytes how many there are, those of files behind this one included
   */
  public record TornTail(String file, long offset, long bytes) {}

  /** What a fault has taken. */
  public sealed interface Loss {}

  /** The whole store: nothing says which files belong to it, or to which table. */
  public record Everything() implements Loss {}

  /**
   * Rows of a table.
   *
   * @param table the name of the table
   * @param firstTimestamp no row before is lost
   * @param lastTimestamp no row after is lost; this one may be
   * @param rows how many rows there were; empty if that cannot be told
   */
  public record Rows(String table, long firstTimestamp, long lastTimestamp, OptionalLong rows)
      implements Loss {}

  /**
   * Commits of the log, as far as their rows are in no segment.
   *
   * @param after the last commit before the damage that is whole; all behind it are lost. 0 if the
   *     log has no whole one before the damage
   * @param lastKnown the last one behind the damage of which something was found, or that the
   *     manifest says there was; empty if nothing tells how many there were
   */
  public record Commits(long after, OptionalLong lastKnown) implements Loss {}

  /**
   * Nothing: what is wrong follows from rows that are all there, as an index does. The store cannot
   * be trusted to find them, though.
   *
   * @param table the name of the table
   */
  public record NoRows(String table) implements Loss {}
}
