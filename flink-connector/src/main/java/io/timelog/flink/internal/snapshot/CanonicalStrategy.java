package io.timelog.flink.internal.snapshot;

import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointStreamWithResultProvider;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.FullSnapshotAsyncWriter;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy;

/**
 * Full checkpoints in the canonical format.
 *
 * @param <K> type of the keys
 */
public final class CanonicalStrategy<K>
    implements SnapshotStrategy<KeyedStateHandle, CanonicalResources<K>> {
  private final Supplier<CanonicalResources<K>> moment;

  /** Checkpoints of the moments that {@code moment} holds on the task's thread. */
  public CanonicalStrategy(Supplier<CanonicalResources<K>> moment) {
    this.moment = moment;
  }

  @Override
  public CanonicalResources<K> syncPrepareResources(long checkpointId) {
    return moment.get();
  }

  @Override
  public SnapshotResultSupplier<KeyedStateHandle> asyncSnapshot(
      CanonicalResources<K> resources,
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streamFactory,
      CheckpointOptions options) {
    if (resources.getMetaInfoSnapshots().isEmpty()) {
      return registry -> SnapshotResult.empty();
    }
    return new FullSnapshotAsyncWriter<>(
        options.getCheckpointType(),
        () ->
            CheckpointStreamWithResultProvider.createSimpleStream(
                CheckpointedStateScope.EXCLUSIVE, streamFactory),
        resources);
  }
}
