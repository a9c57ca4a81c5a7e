package io.timelog.internal.storage;

import io.timelog.MemoryBudget;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Segments in memory outside the Java heap, every byte of which is taken from a {@link
 * MemoryBudget} before it is allocated. The bytes of a segment go back to the budget when it is
 * deleted and its last input is closed; those of an unfinished one when it is aborted.
 */
public final class MemoryStorage implements SegmentStorage {

  // Each write becomes one extent, a direct buffer of its own, so that a page that was written at
  // once is read back as a slice without a copy.
  //
  // Extents are neither pooled nor freed by hand: the garbage collector frees them when nobody can
  // reach them any more. A view of page memory that a caller kept beyond the life of its segment
  // then shows the bytes it always showed, and never those of somebody else. The price is that the
  // process may hold freed extents until the next collection; the budget counts live segments.

  private final MemoryBudget budget;
  private final ConcurrentMap<String, MemorySegment> segments = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Keeps segments under {@code budget}, which may be shared with others. */
  public MemoryStorage(MemoryBudget budget) {
    this.budget = Objects.requireNonNull(budget, "budget");
  }

  @Override
  public SegmentOutput create(String name) {
    requireOpen();
    MemorySegment segment = new MemorySegment(name);
    if (segments.putIfAbsent(name, segment) != null) {
      throw new IllegalArgumentException("A segment of this name exists: name=" + name);
    }
    return new MemoryOutput(segment);
  }

  @Override
  public SegmentInput open(String name) {
    requireOpen();
    MemorySegment segment = segments.get(name);
    if (segment == null || !segment.tryOpen()) {
      throw new TimelogException("There is no such segment in memory: name=" + name);
    }
    return new MemoryInput(segment);
  }

  @Override
  public void delete(String name) {
    MemorySegment segment = segments.get(name);
    if (segment != null) {
      delete(segment);
    }
  }

  @Override
  public List<String> list() {
    requireOpen();
    return segments.values().stream()
        .filter(MemorySegment::isSealed)
        .map(segment -> segment.name)
        .sorted()
        .toList();
  }

  /** Deletes every segment and refuses every further call. Open inputs stay readable. */
  @Override
  public void close() {
    closed = true;
    segments.values().forEach(this::delete);
  }

  @Override
  public String toString() {
    return "MemoryStorage[segments=" + segments.size() + ", budget=" + budget + "]";
  }

  private void delete(MemorySegment segment) {
    if (segment.delete()) {
      segments.remove(segment.name, segment);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The segment storage is closed");
    }
  }

  /** The extents of one segment and the two reasons to keep them: listed, and open inputs. */
  private final class MemorySegment {
    final String name;

    private final List<ByteBuffer> extents = new ArrayList<>();
    private long[] starts = new long[8];
    private long length;
    private long reservedBytes;
    private boolean sealed;
    private boolean listed = true;
    private int inputs;

    MemorySegment(String name) {
      this.name = name;
    }

    synchronized boolean isSealed() {
      return sealed && listed;
    }

    synchronized long length() {
      return length;
    }

    synchronized void append(ByteBuffer bytes) {
      if (!bytes.hasRemaining()) {
        return;
      }
      ByteBuffer extent = allocate(bytes.remaining());
      int index = extents.size();
      if (index == starts.length) {
        starts = Arrays.copyOf(starts, 2 * index);
      }
      starts[index] = length;
      length += extent.capacity();
      extent.put(bytes).clear();
      extents.add(extent);
    }

    synchronized void seal() {
      sealed = true;
      inputs++;
    }

    synchronized boolean tryOpen() {
      if (!sealed || !listed) {
        return false;
      }
      inputs++;
      return true;
    }

    synchronized void closeInput() {
      inputs--;
      freeIfUnused();
    }

    /** Takes a sealed segment off the list; false if it is not sealed or not listed. */
    synchronized boolean delete() {
      if (!sealed || !listed) {
        return false;
      }
      listed = false;
      freeIfUnused();
      return true;
    }

    synchronized void discard() {
      listed = false;
      freeIfUnused();
    }

    synchronized ByteBuffer read(long offset, int size) {
      Objects.checkFromIndexSize(offset, size, length);
      int index = Arrays.binarySearch(starts, 0, extents.size(), offset);
      if (index < 0) {
        index = -index - 2;
      }
      if (size == 0) {
        return ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
      }
      int start = (int) (offset - starts[index]);
      ByteBuffer extent = extents.get(index);
      if (extent.capacity() - start >= size) {
        return extent.slice(start, size).order(ByteOrder.LITTLE_ENDIAN);
      }
      return gather(index, start, size);
    }

    /** A range over several extents can only be had as a copy, which the segment pays for too. */
    private ByteBuffer gather(int firstExtent, int start, int size) {
      ByteBuffer copy = allocate(size);
      int skip = start;
      for (int i = firstExtent; copy.hasRemaining(); i++) {
        ByteBuffer extent = extents.get(i);
        int part = Math.min(copy.remaining(), extent.capacity() - skip);
        copy.put(extent.slice(skip, part));
        skip = 0;
      }
      return copy.clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer allocate(int size) {
      budget.reserve(size);
      try {
        ByteBuffer extent = ByteBuffer.allocateDirect(size);
        reservedBytes += size;
        return extent;
      } catch (OutOfMemoryError e) {
        budget.release(size);
        throw new TimelogException(
            "The JVM has less direct memory than the memory budget promises: requestedBytes="
                + size
                + ", "
                + budget
                + ". Raise -XX:MaxDirectMemorySize above the budget, or lower the budget.",
            e);
      }
    }

    private void freeIfUnused() {
      if (!listed && inputs == 0) {
        extents.clear();
        budget.release(reservedBytes);
        reservedBytes = 0;
      }
    }
  }

  private final class MemoryOutput implements SegmentOutput {
    private final MemorySegment segment;
    private boolean ended;

    MemoryOutput(MemorySegment segment) {
      this.segment = segment;
    }

    @Override
    public void write(ByteBuffer bytes) {
      requireUnfinished();
      segment.append(bytes);
    }

    @Override
    public long position() {
      return segment.length();
    }

    @Override
    public SegmentInput finish() {
      requireUnfinished();
      requireOpen();
      ended = true;
      segment.seal();
      if (closed) {
        MemoryStorage.this.delete(segment);
      }
      return new MemoryInput(segment);
    }

    @Override
    public void abort() {
      if (!ended) {
        ended = true;
        segments.remove(segment.name, segment);
        segment.discard();
      }
    }

    private void requireUnfinished() {
      if (ended) {
        throw new IllegalStateException(
            "The segment output is finished or aborted: name=" + segment.name);
      }
    }
  }

  private final class MemoryInput implements SegmentInput {
    private final MemorySegment segment;
    private final long length;
    private final AtomicBoolean inputClosed = new AtomicBoolean();

    MemoryInput(MemorySegment segment) {
      this.segment = segment;
      this.length = segment.length();
    }

    @Override
    public String name() {
      return segment.name;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public ByteBuffer read(long offset, int size) {
      if (inputClosed.get()) {
        throw new IllegalStateException("The segment input is closed: name=" + segment.name);
      }
      return segment.read(offset, size);
    }

    @Override
    public void delete() {
      MemoryStorage.this.delete(segment);
    }

    @Override
    public void close() {
      if (inputClosed.compareAndSet(false, true)) {
        segment.closeInput();
      }
    }
  }
}
