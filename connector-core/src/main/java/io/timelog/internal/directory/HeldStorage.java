package io.timelog.internal.directory;

import io.timelog.TimelogException;
import io.timelog.internal.cache.PartReader;
import io.timelog.internal.cache.Parts;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.storage.FileInput;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentOutput;
import io.timelog.internal.storage.SegmentStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store in a directory: those in memory, and those that are read from files.
 * Each, for as long as it is open, holds the file that it lies in, if there is one. Thread-safe.
 */
final class HeldStorage implements SegmentStorage {
  private final SegmentStorage storage;
  private final SegmentFiles files;
  private final FileSegments fileSegments;
  private final Spilling spilling;

  /**
   * A storage.
   *
   * @param storage keeps what is written
   * @param files where of that lies what
   * @param fileSegments reads what is in files
   * @param spilling moves there what does not fit into memory
   */
  HeldStorage(
      SegmentStorage storage, SegmentFiles files, FileSegments fileSegments, Spilling spilling) {
    this.storage = storage;
    this.files = files;
    this.fileSegments = fileSegments;
    this.spilling = spilling;
  }

  @Override
  public SegmentOutput create(String name) {
    return new HeldOutput(storage.create(name));
  }

  /** {@inheritDoc} Reads it from its file, if it lies in one. */
  @Override
  public SegmentInput open(String name) {
    FileId segment = FileId.of(name);
    SegmentPlace place = files.place(segment);
    if (place == null) {
      return held(storage.open(name));
    }
    files.opened(segment);
    try {
      FileInput input = fileSegments.open(segment, place);
      return new HeldInput(input, segment, () -> fileSegments.closed(input));
    } catch (RuntimeException | Error e) {
      files.closed(segment);
      throw e;
    }
  }

  /** {@inheritDoc} Writes it into a file, if it lies in none. */
  @Override
  public @Nullable SegmentInput leaveMemory(SegmentInput input) {
    FileId segment = FileId.of(input.name());
    return files.place(segment) != null || spilling.spill(input) ? open(input.name()) : null;
  }

  /** {@inheritDoc} Links to it. */
  @Override
  public @Nullable SegmentInput adopt(String name, long length, Path file) {
    FileId segment = FileId.of(name);
    if (!spilling.adopt(segment, length, file)) {
      return null;
    }
    try {
      return open(name);
    } finally {
      files.closed(segment);
    }
  }

  /** A segment that was just made: where memory is short, it does not stay there. */
  private SegmentInput made(SegmentInput input) {
    SegmentInput held = held(input);
    SegmentInput inFile = spilling.isDue() ? leftMemory(held) : null;
    if (inFile == null) {
      return held;
    }
    held.delete();
    held.close();
    return inFile;
  }

  private @Nullable SegmentInput leftMemory(SegmentInput held) {
    try {
      return leaveMemory(held);
    } catch (TimelogException cannotBeReadThere) {
      // There is no room for the table of its pages, or the disk refuses to give it back.
      return null;
    }
  }

  private SegmentInput held(SegmentInput input) {
    FileId segment = FileId.of(input.name());
    files.opened(segment);
    return new HeldInput(input, segment, input::close);
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
    return storage.heldBytes() + fileSegments.heldBytes();
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
      return made(output.finish());
    }

    @Override
    public void abort() {
      output.abort();
    }
  }

  private final class HeldInput implements SegmentInput {
    private final SegmentInput input;
    private final FileId segment;
    private final Runnable closing;
    private final AtomicBoolean closed = new AtomicBoolean();

    HeldInput(SegmentInput input, FileId segment, Runnable closing) {
      this.input = input;
      this.segment = segment;
      this.closing = closing;
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
    public <T> Parts<T> parts(int count, PartReader<T> reader) {
      return input.parts(count, reader);
    }

    @Override
    public boolean linkTo(Path target) {
      SegmentPlace place = files.place(segment);
      return place != null && fileSegments.linkTo(place, target);
    }

    @Override
    public void delete() {
      input.delete();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        closing.run();
        files.closed(segment);
      }
    }
  }
}
