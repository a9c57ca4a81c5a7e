package io.timelog.internal.directory;

import io.timelog.internal.manifest.FileId;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentOutput;
import io.timelog.internal.storage.SegmentStorage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A storage of which each segment, for as long as it is open, holds the file that it lies in, if
 * there is one. A segment is opened once at most. Thread-safe.
 */
final class HeldStorage implements SegmentStorage {
  private final SegmentStorage storage;
  private final SegmentFiles files;

  /** Of segments that lie in another storage. */
  HeldStorage(SegmentStorage storage, SegmentFiles files) {
    this.storage = storage;
    this.files = files;
  }

  @Override
  public SegmentOutput create(String name) {
    return new HeldOutput(storage.create(name));
  }

  @Override
  public SegmentInput open(String name) {
    return held(storage.open(name));
  }

  private SegmentInput held(SegmentInput input) {
    FileId segment = FileId.of(input.name());
    files.opened(segment);
    return new HeldInput(input, segment);
  }

  @Override
  public void delete(String name) {
    storage.delete(name);
  }

  @Override
  public List<String> list() {
    return storage.list();
  }

  @Override
  public long heldBytes() {
    return storage.heldBytes();
  }

  @Override
  public void close() {
    storage.close();
  }

  private final class HeldOutput implements SegmentOutput {
    private final SegmentOutput output;

    HeldOutput(SegmentOutput output) {
      this.output = output;
    }

    @Override
    public void write(ByteBuffer bytes) {
      output.write(bytes);
    }

    @Override
    public long position() {
      return output.position();
    }

    @Override
    public SegmentInput finish() {
      return held(output.finish());
    }

    @Override
    public void abort() {
      output.abort();
    }
  }

  private final class HeldInput implements SegmentInput {
    private final SegmentInput input;
    private final FileId segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    HeldInput(SegmentInput input, FileId segment) {
      this.input = input;
      this.segment = segment;
    }

    @Override
    public String name() {
      return input.name();
    }

    @Override
    public long length() {
      return input.length();
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      return input.read(offset, length);
    }

    @Override
    public ByteBuffer readToKeep(long offset, int length) {
      return input.readToKeep(offset, length);
    }

    @Override
    public void copyTo(long offset, ByteBuffer target) {
      input.copyTo(offset, target);
    }

    @Override
    public void delete() {
      input.delete();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        input.close();
        files.closed(segment);
      }
    }
  }
}
