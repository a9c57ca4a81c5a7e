package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.table.CanonicalSink;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalLocalKeyedStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.util.IOUtils;

/** A native snapshot that is being restored. For one thread. */
final class NativeSnapshot<K> implements Closeable {
  private final IncrementalKeyedStateHandle handle;
  private final KeyGroupRange wanted;
  private final CloseableRegistry cancellation;
  private final FSDataInputStream stream;
  private final DataInputView in;
  private final SnapshotMetadata<K> metadata;
  private final SnapshotFiles files;

  private NativeSnapshot(
      IncrementalKeyedStateHandle handle,
      KeyGroupRange wanted,
      CloseableRegistry cancellation,
      FSDataInputStream stream,
      DataInputView in,
      SnapshotMetadata<K> metadata) {
    this.handle = handle;
    this.wanted = wanted;
    this.cancellation = cancellation;
    this.stream = stream;
    this.in = in;
    this.metadata = metadata;
    this.files = files(handle, metadata, cancellation);
  }

  /**
   * Opens a snapshot and reads its metadata.
   *
   * @param keyGroups of the task; the snapshot has some of them
   * @param cancellation closed if the task is cancelled, and with it all that is open here
   * @throws UnreadableSnapshotException if it is not one of this backend, damaged, or not there
   */
  static <K> NativeSnapshot<K> open(
      IncrementalKeyedStateHandle handle,
      KeyGroupRange keyGroups,
      ClassLoader userCode,
      CloseableRegistry cancellation)
      throws IOException {
    StreamStateHandle file = handle.getMetaDataStateHandle();
    FSDataInputStream stream;
    try {
      stream = file.openInputStream();
    } catch (IOException e) {
      throw new UnreadableSnapshotException(
          "The metadata of the snapshot cannot be opened: " + describe(handle), e);
    }
    try {
      cancellation.registerCloseable(stream);
      DataInputView in = new DataInputViewStreamWrapper(new BufferedInputStream(stream));
      return new NativeSnapshot<>(
          handle,
          handle.getKeyGroupRange().getIntersection(keyGroups),
          cancellation,
          stream,
          in,
          MetadataFormat.read(in, file.getStateSize(), userCode));
    } catch (IOException | RuntimeException | Error e) {
      cancellation.unregisterCloseable(stream);
      IOUtils.closeQuietly(stream);
      if (e instanceof EOFException) {
        throw new UnreadableSnapshotException(
            "The metadata of the snapshot end too early: " + describe(handle), e);
      }
      if (e instanceof IOException) {
        throw new UnreadableSnapshotException(e.getMessage() + ": " + describe(handle), e);
      }
      throw e;
    }
  }

  private static SnapshotFiles files(
      IncrementalKeyedStateHandle handle,
      SnapshotMetadata<?> metadata,
      CloseableRegistry cancellation) {
    if (handle instanceof IncrementalLocalKeyedStateHandle local) {
      return new CopiedFiles(local.getDirectoryStateHandle().getDirectory());
    }
    Map<String, StreamStateHandle> handles = new HashMap<>();
    IncrementalRemoteKeyedStateHandle remote = (IncrementalRemoteKeyedStateHandle) handle;
    Stream.of(remote.getSharedState(), remote.getPrivateState())
        .flatMap(List::stream)
        .forEach(pack -> handles.put(pack.getLocalPath(), pack.getHandle()));
    return new StoredFiles(metadata.packs(), handles, cancellation);
  }

  /** What it says of itself. */
  SnapshotMetadata<K> metadata() {
    return metadata;
  }

  /** The engine's files. */
  SnapshotFiles engineFiles() {
    return files;
  }

  /** Which of its key groups are wanted; not empty. */
  KeyGroupRange wanted() {
    return wanted;
  }

  /** Whether it is of the very key groups of the task. */
  boolean isOf(KeyGroupRange keyGroups) {
    return handle.getKeyGroupRange().equals(keyGroups);
  }

  /**
   * Reads the wanted timers. To be called once.
   *
   * @param queues take those of the queues that the metadata name, in their order
   */
  void readTimers(List<CanonicalSink> queues) throws IOException {
    try {
      TimerBlocks.read(
          queues, metadata.keyGroups(), wanted, in, handle.getMetaDataStateHandle().getStateSize());
    } catch (EOFException e) {
      throw new UnreadableSnapshotException("The timers of the snapshot end too early: " + this, e);
    }
  }

  /** What the job manager knows of the packs, to go on from there. */
  CheckpointLineage lineage() {
    Map<String, Pack> packs = new HashMap<>();
    metadata.packs().forEach(pack -> packs.put(pack.name(), pack));
    List<StoredPack> stored = new ArrayList<>();
    for (HandleAndLocalPath shared : handle.getSharedStateHandles()) {
      Pack pack = packs.get(shared.getLocalPath());
      if (pack != null) {
        stored.add(new StoredPack(pack, shared.getHandle()));
      }
    }
    return CheckpointLineage.of(handle.getBackendIdentifier(), handle.getCheckpointId(), stored);
  }

  @Override
  public void close() {
    cancellation.unregisterCloseable(stream);
    IOUtils.closeQuietly(stream);
    IOUtils.closeQuietly(files);
  }

  @Override
  public String toString() {
    return describe(handle);
  }

  private static String describe(IncrementalKeyedStateHandle handle) {
    return "checkpoint="
        + handle.getCheckpointId()
        + ", keyGroups="
        + handle.getKeyGroupRange().prettyPrintInterval()
        + ", metadata="
        + handle.getMetaDataStateHandle();
  }
}
