package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import io.timelog.flink.internal.checkpoint.Pack.PackedFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.runtime.state.StreamStateHandle;

/**
 * Which packs the checkpoints of a backend name, and with that which packs the next one may name
 * again. Thread-safe: the task's thread tells of the fate of checkpoints, those of snapshots of
 * what they store.
 */
final class UploadHistory {
  /*
   * The job manager deletes a pack as soon as no checkpoint that it retains names it, and may know
   * more than has come here: it may have completed a later checkpoint than the last one that was
   * confirmed, and then have dropped that one. So a pack is safe only if the last confirmed
   * checkpoint names it, because an unconfirmed one may yet fail and be deleted, and if every later
   * checkpoint names it as well, because any of these may have become the only one. What a
   * checkpoint will name counts from the moment that it is decided, not only when all is stored.
   */
  private static final long NONE = -1;

  /** Packs by name, of the last confirmed checkpoint and of all later ones. */
  private final TreeMap<Long, Map<String, StoredPack>> named = new TreeMap<>();

  private long confirmed = NONE;

  /** Of a backend that has stored nothing. */
  UploadHistory() {}

  /** Goes on from a checkpoint that was restored, whose packs the job manager has. */
  void restored(long checkpointId, Collection<StoredPack> packs) {
    synchronized (named) {
      named.put(checkpointId, byName(packs));
      confirmed = checkpointId;
    }
  }

  /**
   * Decides which packs a checkpoint names again. O(files).
   *
   * @param files all files of the checkpoint
   * @param sharesEarlier whether it may name any; if not, it stores all of its files
   * @param mayReuse what the storage says of the packs that could be named
   */
  UploadPlan plan(
      long checkpointId,
      List<ExportedFile> files,
      boolean sharesEarlier,
      Predicate<StreamStateHandle> mayReuse) {
    synchronized (named) {
      UploadPlan plan =
          sharesEarlier ? plan(files, safePacks(checkpointId), mayReuse) : storingAll(files);
      named.put(checkpointId, byName(plan.reused()));
      return plan;
    }
  }

  /** The plan of a snapshot that shares nothing, with earlier nor with later ones. */
  static UploadPlan storingAll(List<ExportedFile> files) {
    return new UploadPlan(List.of(), files);
  }

  private Collection<StoredPack> safePacks(long checkpointId) {
    Map<String, StoredPack> safe = new LinkedHashMap<>(named.getOrDefault(confirmed, Map.of()));
    named
        .tailMap(confirmed, false)
        .forEach(
            (id, later) -> {
              if (id != checkpointId) {
                safe.keySet().retainAll(later.keySet());
              }
            });
    return safe.values();
  }

  private static UploadPlan plan(
      List<ExportedFile> files,
      Collection<StoredPack> packs,
      Predicate<StreamStateHandle> mayReuse) {
    Set<String> missing = new HashSet<>();
    files.forEach(file -> missing.add(file.name()));
    List<StoredPack> reused = new ArrayList<>();
    for (StoredPack stored : packs) {
      StoredPack again = stored.again();
      if (isWorthKeeping(stored.pack(), missing) && mayReuse.test(again.handle())) {
        reused.add(again);
        stored.pack().files().forEach(file -> missing.remove(file.name()));
      }
    }
    return new UploadPlan(
        reused, files.stream().filter(file -> missing.contains(file.name())).toList());
  }

  /** Whether at least half of a pack is still of use; what is left of others is stored anew. */
  private static boolean isWorthKeeping(Pack pack, Set<String> missing) {
    long bytes = 0;
    for (PackedFile file : pack.files()) {
      bytes += missing.contains(file.name()) ? file.length() : 0;
    }
    return bytes > 0 && 2 * bytes >= pack.length();
  }

  /** Tells of the packs that were stored for a checkpoint, unless it was given up meanwhile. */
  void stored(long checkpointId, Collection<StoredPack> packs) {
    synchronized (named) {
      Map<String, StoredPack> ofCheckpoint = named.get(checkpointId);
      if (ofCheckpoint != null) {
        ofCheckpoint.putAll(byName(packs));
      }
    }
  }

  /**
   * Counts on a checkpoint from now on. Does nothing if it is not one of these, as a savepoint, or
   * older than the last one.
   */
  void confirm(long checkpointId) {
    synchronized (named) {
      if (checkpointId > confirmed && named.containsKey(checkpointId)) {
        named.headMap(checkpointId).clear();
        confirmed = checkpointId;
      }
    }
  }

  /** Forgets a checkpoint that failed or was given up. */
  void forget(long checkpointId) {
    synchronized (named) {
      named.remove(checkpointId);
    }
  }

  /** Forgets all checkpoints up to one that the job manager does not retain any more. */
  void forgetUpTo(long checkpointId) {
    synchronized (named) {
      named.headMap(checkpointId, true).clear();
    }
  }

  private static Map<String, StoredPack> byName(Collection<StoredPack> packs) {
    Map<String, StoredPack> byName = new LinkedHashMap<>();
    packs.forEach(stored -> byName.put(stored.pack().name(), stored));
    return byName;
  }
}
