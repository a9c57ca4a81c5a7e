package io.timelog.flink.internal.checkpoint;

import org.apache.flink.runtime.checkpoint.filemerging.FileMergingSnapshotManager;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

/**
 * A pack that is stored.
 *
 * @param handle where, or a placeholder of that
 */
record StoredPack(Pack pack, StreamStateHandle handle) {
  /**
   * The same pack as a later checkpoint names it: the job manager, which has the handle, puts it in
   * the place of the placeholder.
   */
  StoredPack again() {
    return new StoredPack(
        pack,
        new PlaceholderStreamStateHandle(
            handle.getStreamStateHandleID(),
            handle.getStateSize(),
            FileMergingSnapshotManager.isFileMergingHandle(handle)));
  }

  /** The pack as Flink's handles of keyed state have it. */
  HandleAndLocalPath forFlink() {
    return HandleAndLocalPath.of(handle, pack.name());
  }
}
