package io.timelog.internal.storage;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Segments that leave memory as soon as they are made, if there is a place for them elsewhere. For
 * who makes many of them that are not needed at once.
 */
public final class UnloadingStorage implements SegmentStorage {
  private final SegmentStorage storage;

  /** Makes segments of this storage, which stays what it is for others. */
  public UnloadingStorage(SegmentStorage storage) {
    this.storage = storage;
  }

  @Override
  public SegmentOutput create(String name) {
    return new UnloadingOutput(storage.create(name));
  }

  @Override
  public SegmentInput open(String name) {
    return storage.open(name);
  }

  @Override
  public @Nullable SegmentInput leaveMemory(SegmentInput input) {
    return storage.leaveMemory(input);
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

  private final class UnloadingOutput implements SegmentOutput {
    private final SegmentOutput output;

    UnloadingOutput(SegmentOutput output) {
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
      SegmentInput made = output.finish();
      SegmentInput elsewhere = leaveMemory(made);
      if (elsewhere == null) {
        return made;
      }
      made.delete();
      made.close();
      return elsewhere;
    }

    @Override
    public void abort() {
      output.abort();
    }
  }
}
