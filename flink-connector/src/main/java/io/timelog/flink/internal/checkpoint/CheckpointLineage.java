package io.timelog.flink.internal.checkpoint;

import java.util.Collection;
import java.util.UUID;

/**
 * Who a backend is to the job manager, and what its checkpoints so far have stored. A backend that
 * is restored from the only checkpoint of its key groups carries on what that one belongs to.
 */
public final class CheckpointLineage {
  private final UUID backend;
  private final UploadHistory history = new UploadHistory();

  private CheckpointLineage(UUID backend) {
    this.backend = backend;
  }

  /** Of a backend without a past. */
  public static CheckpointLineage begin() {
    return new CheckpointLineage(UUID.randomUUID());
  }

  /** Of a backend that goes on from a checkpoint. */
  static CheckpointLineage of(UUID backend, long checkpointId, Collection<StoredPack> packs) {
    CheckpointLineage lineage = new CheckpointLineage(backend);
    lineage.history.restored(checkpointId, packs);
    return lineage;
  }

  /** The id of the backend. */
  UUID backend() {
    return backend;
  }

  /** What is stored. */
  UploadHistory history() {
    return history;
  }
}
