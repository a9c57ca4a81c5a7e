package io.timelog.flink.internal.checkpoint;

import io.timelog.ReadableFile;
import io.timelog.flink.internal.checkpoint.Pack.PackedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Files in packs, in the storage of checkpoints. A stream is used again for the next file of the
 * same pack. Thread-safe.
 */
final class StoredFiles implements SnapshotFiles {
  private static final int MAX_IDLE = 4;

  private final Map<String, Place> places = new HashMap<>();
  private final CloseableRegistry cancellation;

  /** Streams that nobody uses, the one that was used last at first. */
  private final Deque<PackStream> idle = new ArrayDeque<>();

  /**
   * The files of these packs.
   *
   * @param handles where packs are, by name
   * @param cancellation closed if the task is cancelled, and with it all streams
   */
  StoredFiles(
      Collection<Pack> packs,
      Map<String, StreamStateHandle> handles,
      CloseableRegistry cancellation) {
    this.cancellation = cancellation;
    for (Pack pack : packs) {
      for (PackedFile file : pack.files()) {
        places.put(file.name(), new Place(pack.name(), handles.get(pack.name()), file));
      }
    }
  }

  private record Place(String pack, @Nullable StreamStateHandle handle, PackedFile file) {}

  @Override
  public String place(String file) {
    Place place = places.get(file);
    return place == null
        ? "in no pack"
        : "pack=" + place.pack + " from " + place.file.offset() + " on, storedAs=" + place.handle;
  }

  @Override
  public ReadableFile open(String name) throws IOException {
    Place place = places.get(name);
    if (place == null || place.handle == null) {
      throw new UnreadableSnapshotException(
          "The snapshot does not have all of its files: file=" + name + ", " + place(name));
    }
    return new Range(stream(place.pack, place.handle), place.file);
  }

  private PackStream stream(String pack, StreamStateHandle handle) throws IOException {
    synchronized (idle) {
      for (PackStream stream : idle) {
        if (stream.pack().equals(pack)) {
          idle.remove(stream);
          return stream;
        }
      }
    }
    PackStream stream = new PackStream(pack, handle.openInputStream());
    try {
      cancellation.registerCloseable(stream);
    } catch (IOException cancelled) {
      stream.close();
      throw cancelled;
    }
    return stream;
  }

  private void giveBack(PackStream stream) {
    PackStream oldest = null;
    synchronized (idle) {
      idle.addFirst(stream);
      if (idle.size() > MAX_IDLE) {
        oldest = idle.removeLast();
      }
    }
    if (oldest != null) {
      close(oldest);
    }
  }

  private void close(PackStream stream) {
    cancellation.unregisterCloseable(stream);
    IOUtils.closeQuietly(stream);
  }

  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(this::close);
      idle.clear();
    }
  }

  /** A file of the engine as a part of a pack, whose stream others use after it. */
  private final class Range implements ReadableFile {
    private final PackStream stream;
    private final PackedFile file;
    private boolean closed;

    Range(PackStream stream, PackedFile file) {
      this.stream = stream;
      this.file = file;
    }

    @Override
    public long length() {
      return file.length();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      long left = file.length() - position;
      if (left <= 0) {
        return -1;
      }
      int size = (int) Math.min(left, target.remaining());
      ByteBuffer part = target.slice().limit(size);
      int count = stream.read(file.offset() + position, part);
      target.position(target.position() + Math.max(0, count));
      return count;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(stream);
      }
    }
  }
}
