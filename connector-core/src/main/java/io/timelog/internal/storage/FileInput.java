package io.timelog.internal.storage;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.ByteSource;
import io.timelog.internal.cache.CachedParts;
import io.timelog.internal.cache.PageCache;
import io.timelog.internal.cache.PartReader;
import io.timelog.internal.cache.Parts;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Reads a segment that lies in a file of the store. What is read by {@link #read} stays in memory
 * until the input is closed; its {@linkplain #parts parts} come and go with the cache. Any number
 * of threads may read.
 */
public final class FileInput implements SegmentInput {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

  private final String name;
  private final long length;
  private final ByteSource file;
  private final PageCache cache;
  private final MemoryAccount memory;
  private final UnaryOperator<TimelogCorruptionException> located;
  private final Map<Long, ByteBuffer> pieces = new HashMap<>();
  private final List<ByteBuffer> taken = new ArrayList<>();
  private final List<CachedParts<?>> parts = new ArrayList<>();
  private boolean closed;

  /**
   * An input of a segment.
   *
   * @param file its bytes, from the first to the last
   * @param cache has its parts
   * @param memory pays for what is in memory
   * @param located tells damage of the segment by the file that it lies in
   */
  public FileInput(
      String name,
      long length,
      ByteSource file,
      PageCache cache,
      MemoryAccount memory,
      UnaryOperator<TimelogCorruptionException> located) {
    this.name = name;
    this.length = length;
    this.file = file;
    this.cache = cache;
    this.memory = memory;
    this.located = located;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  /**
   * {@inheritDoc} Reads the file unless these very bytes were read before.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for them
   * @throws io.timelog.TimelogException if they cannot be read
   */
  @Override
  public synchronized ByteBuffer read(long offset, int size) {
    requireInside(offset, size);
    if (size == 0) {
      return NO_BYTES.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer piece = pieces.get(offset);
    if (piece == null || piece.limit() < size) {
      // One that is too short may be in use, so it stays beside the longer one.
      piece = load(offset, size);
      pieces.put(offset, piece);
    }
    return piece.slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A buffer from position 0 to the limit, which has so many bytes of the file. */
  private ByteBuffer load(long offset, int size) {
    ByteBuffer piece = memory.takeExtent(size);
    try {
      file.read(offset, piece.clear().limit(size));
    } catch (RuntimeException | Error e) {
      memory.give(piece);
      throw e;
    }
    taken.add(piece);
    return piece.rewind();
  }

  @Override
  public ByteBuffer readToKeep(long offset, int size) {
    requireInside(offset, size);
    ByteBuffer copy = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.read(offset, copy);
    return copy.flip();
  }

  @Override
  public void copyTo(long offset, ByteBuffer target) {
    requireInside(offset, target.remaining());
    file.read(offset, target);
  }

  private void requireInside(long offset, int size) {
    Objects.checkFromIndexSize(offset, size, length);
    if (isClosed()) {
      throw new IllegalStateException("The segment input is closed: name=" + name);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** {@inheritDoc} They are in memory while they are held, and as long as the cache keeps them. */
  @Override
  public synchronized <T> Parts<T> parts(int count, PartReader<T> reader) {
    CachedParts<T> cached =
        new CachedParts<>(cache, memory, file, count, new LocatedReader<>(reader, located));
    parts.add(cached);
    return cached;
  }

  /** The bytes of memory that it takes at present. */
  public synchronized long heldBytes() {
    long held = 0;
    for (ByteBuffer piece : taken) {
      held += piece.capacity();
    }
    for (CachedParts<?> cached : parts) {
      held += cached.heldBytes();
    }
    return held;
  }

  /** Does nothing: whoever has the files knows which of them are needed. */
  @Override
  public void delete() {}

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      parts.forEach(CachedParts::close);
      taken.forEach(memory::give);
      taken.clear();
      pieces.clear();
    }
  }

  /** Tells damage by the file. */
  private record LocatedReader<T>(
      PartReader<T> reader, UnaryOperator<TimelogCorruptionException> located)
      implements PartReader<T> {
    @Override
    public long offset(int number) {
      return reader.offset(number);
    }

    @Override
    public int length(int number) {
      return reader.length(number);
    }

    @Override
    public T open(int number, ByteBuffer bytes) {
      try {
        return reader.open(number, bytes);
      } catch (TimelogCorruptionException damage) {
        throw located.apply(damage);
      }
    }
  }
}
