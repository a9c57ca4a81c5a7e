package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import io.timelog.flink.internal.checkpoint.Pack.PackedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.StreamStateHandle;

/** Stores files of the engine as packs, several at a time. */
final class PackWriter {
  private static final int BUFFER_BYTES = 64 << 10;

  private final TransferThreads threads;
  private final SnapshotStreams streams;
  private final CheckpointedStateScope scope;
  private final long checkpointId;

  PackWriter(
      TransferThreads threads,
      SnapshotStreams streams,
      CheckpointedStateScope scope,
      long checkpointId) {
    this.threads = threads;
    this.streams = streams;
    this.scope = scope;
    this.checkpointId = checkpointId;
  }

  /** Stores these files. Waits until all are there, or one has failed and none is being written. */
  List<StoredPack> write(List<ExportedFile> files) throws Exception {
    Map<String, ExportedFile> byName = new HashMap<>();
    files.forEach(file -> byName.put(file.name(), file));
    List<Callable<StoredPack>> packs = new ArrayList<>();
    for (Pack pack : Pack.of(files)) {
      packs.add(() -> write(pack, byName));
    }
    return threads.callAll(packs);
  }

  private StoredPack write(Pack pack, Map<String, ExportedFile> files) throws IOException {
    StreamStateHandle handle =
        streams
            .write(
                scope,
                checkpointId,
                null,
                out -> {
                  byte[] buffer = new byte[BUFFER_BYTES];
                  for (PackedFile file : pack.files()) {
                    copy(Objects.requireNonNull(files.get(file.name())), buffer, out);
                  }
                })
            .getJobManagerOwnedSnapshot();
    return new StoredPack(pack, Objects.requireNonNull(handle));
  }

  /** Copies a file of the engine. */
  static void copy(ExportedFile file, byte[] buffer, OutputStream out) throws IOException {
    try (InputStream bytes = file.newInputStream()) {
      int count;
      while ((count = bytes.read(buffer)) >= 0) {
        out.write(buffer, 0, count);
      }
    }
  }
}
