package io.timelog.internal.manifest;

import java.util.List;

/**
 * A partition window in a manifest.
 *
 * @param first the first timestamp
 * @param last the last timestamp, included
 * @param sources from the oldest to the newest
 */
public record WindowEntry(long first, long last, List<SourceEntry> sources) {
  /** Copies the list. */
  public WindowEntry {
    sources = List.copyOf(sources);
  }
}
