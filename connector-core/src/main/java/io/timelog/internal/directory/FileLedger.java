package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.StoreManifest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which files there are in a directory, beside manifests, and who names them: manifests, and
 * segments that are open, be it in a view or in an export. A file that nobody names may be deleted.
 * Thread-safe.
 */
final class FileLedger {
  /*
   * Nearly always there is one manifest that a crash leaves. While another one takes its place, and after
   * that failed halfway, it may be either, so the files of both are named.
   */
  private final Map<Long, StoreFile> files = new HashMap<>();

  /** Those of the files that have no holder: few, while files are asked for often. */
  private final Map<Long, StoreFile> unheld = new TreeMap<>();

  private final Map<Long, Set<Long>> namedByManifest = new HashMap<>();
  private final Map<Long, Integer> holders = new HashMap<>();

  /** A file was made, or found. Nobody names it yet. */
  synchronized void add(StoreFile file) {
    files.put(file.number(), file);
    if (!holders.containsKey(file.number())) {
      unheld.put(file.number(), file);
    }
  }

  /** A crash may leave this manifest from now on. Its files are there. */
  synchronized void mayBeLeft(StoreManifest manifest) {
    for (PlacedSegment place : manifest.places()) {
      add(new StoreFile(Kind.SEGMENTS, place.file()));
    }
    for (LogEntry log : manifest.logs()) {
      add(new StoreFile(Kind.LOG, log.file()));
    }
    namedByManifest.put(manifest.number(), filesOf(manifest));
  }

  /** A crash leaves this manifest, and no other one. */
  synchronized void isLeft(StoreManifest manifest) {
    mayBeLeft(manifest);
    namedByManifest.keySet().retainAll(Set.of(manifest.number()));
  }

  /** Whether a crash may leave one manifest or another. */
  synchronized boolean isInDoubt() {
    return namedByManifest.size() > 1;
  }

  /** One more open segment lies in the file, or somebody else needs it. */
  synchronized void hold(long file) {
    holders.merge(file, 1, Integer::sum);
    unheld.remove(file);
  }

  /** Ends what {@link #hold} began. */
  synchronized void release(long file) {
    Integer left = holders.computeIfPresent(file, (of, count) -> count == 1 ? null : count - 1);
    StoreFile known = files.get(file);
    if (left == null && known != null) {
      unheld.put(file, known);
    }
  }

  /** The files that nobody names, smallest number first. */
  synchronized List<StoreFile> unnamed() {
    return unheld.values().stream().filter(file -> !isNamed(file)).toList();
  }

  private boolean isNamed(StoreFile file) {
    return namedByManifest.values().stream().anyMatch(named -> named.contains(file.number()));
  }

  /** The files that nobody but manifests names, smallest number first. */
  synchronized List<StoreFile> onlyOfManifests() {
    return List.copyOf(unheld.values());
  }

  /** A file that nobody names was deleted. */
  synchronized void deleted(StoreFile file) {
    files.remove(file.number());
    unheld.remove(file.number());
  }

  /** The numbers of the files that a manifest names. */
  static Set<Long> filesOf(StoreManifest manifest) {
    Set<Long> named = new HashSet<>();
    manifest.places().stream().map(PlacedSegment::file).forEach(named::add);
    manifest.logs().stream().map(LogEntry::file).forEach(named::add);
    return named;
  }
}
