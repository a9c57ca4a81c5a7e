package io.timelog.internal.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory as of one commit: all that lasts beside the files it names.
 *
 * @param number which manifest of the store this is; a later one has a larger number
 * @param commit how many commits there were
 * @param token the token of the last commit; null if there was none, or it was forgotten
 * @param nextFile no file of the store has this number or a larger one
 * @param nextSerial no memtable window has this serial or a larger one
 * @param nextBatch number of the first batch of the logs
 * @param nextTable no table of the store has this id or a larger one
 * @param contents tables, deletes and segments
 * @param places where each segment of the contents lies, each once
 * @param flushed windows that have rows in the log that are in segments, too
 * @param logs files of the commit log, in order
 */
public record StoreManifest(
    long number,
    long commit,
    @Nullable CommitToken token,
    long nextFile,
    long nextSerial,
    long nextBatch,
    int nextTable,
    Manifest contents,
    List<PlacedSegment> places,
    List<FlushedWindow> flushed,
    List<LogEntry> logs) {
  /** Copies the lists. */
  public StoreManifest {
    places = List.copyOf(places);
    flushed = List.copyOf(flushed);
    logs = List.copyOf(logs);
  }
}
