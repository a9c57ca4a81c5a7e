package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import java.util.List;

/**
 * What of a checkpoint is stored already, and what is not.
 *
 * @param reused packs of an earlier checkpoint, as placeholders
 * @param fresh files that are in none of them
 */
record UploadPlan(List<StoredPack> reused, List<ExportedFile> fresh) {
  /** Copies the lists. */
  UploadPlan {
    reused = List.copyOf(reused);
    fresh = List.copyOf(fresh);
  }
}
