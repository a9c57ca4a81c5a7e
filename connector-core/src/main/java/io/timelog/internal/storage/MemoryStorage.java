package io.timelog.internal.storage;

import io.timelog.MemoryBudget;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Segments in memory outside the Java heap, every byte of which is taken from a {@link
 * MemoryBudget} before it is allocated. The bytes of a segment are free when it is deleted and its
 * last input is closed; those of an unfinished one when it is aborted. Free bytes go back to the
 * budget, or are kept to be written again if the storage was made so.
 */
public final class MemoryStorage implements SegmentStorage {

  // Each write becomes one extent, a direct buffer of its own, so that a page that was written at
  // once is read back as a slice without a copy.
  //
  // Memory that was shared through an input is never written again: the garbage collector frees it
  // when nobody can reach it any more. A view that a caller kept beyond the life of its segment
  // shows the bytes it always showed, and never those of somebody else.

  private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

  private final MemoryBudget budget;
  private final ExtentPool pool;
  private final ConcurrentMap<String, MemorySegment> segments = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Keeps segments under {@code budget}, which may be shared with others, and reuses no memory. */
  public MemoryStorage(MemoryBudget budget) {
    this(budget, 0);
  }

  /**
   * Keeps segments under {@code budget}, and of the bytes of freed segments up to {@code
   * maxFreeBytes} for the next ones. These count as used until {@link #trim()} or {@link #close()}.
   */
  public MemoryStorage(MemoryBudget budget, long maxFreeBytes) {
    if (maxFreeBytes < 0) {
      throw new IllegalArgumentException(
          "The bytes to keep for reuse must not be negative: maxFreeBytes=" + maxFreeBytes);
    }
    this.budget = Objects.requireNonNull(budget, "budget");
    this.pool = new ExtentPool(budget, maxFreeBytes);
  }

  /** Gives the bytes that are kept for reuse back to the budget. */
  public void trim() {
    pool.trim();
  }

  /**
   * The bytes that segments and unfinished outputs take, what their memory was rounded up by
   * included.
   */
  public long heldBytes() {
    return pool.heldBytes();
  }

  /** The bytes that are kept for reuse. */
  public long freeBytes() {
    return pool.freeBytes();
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
    pool.close();
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

    private List<ByteBuffer> extents = new ArrayList<>();

    /** Where the extents start in the segment, and after the last one where it ends. */
    private long[] starts = new long[8];

    private final List<ByteBuffer> copies = new ArrayList<>();
    private final BitSet shared = new BitSet();
    private long extentBytes;
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
      return starts[extents.size()];
    }

    synchronized void append(ByteBuffer bytes) {
      int size = bytes.remaining();
      if (size == 0) {
        return;
      }
      ByteBuffer extent = pool.take(size);
      extentBytes += extent.capacity();
      int index = extents.size();
      extents.add(extent);
      if (index + 1 == starts.length) {
        starts = Arrays.copyOf(starts, 2 * starts.length);
      }
      starts[index + 1] = starts[index] + size;
      extent.put(bytes).clear();
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
      discard();
      return true;
    }

    synchronized void discard() {
      listed = false;
      freeIfUnused();
    }

    synchronized ByteBuffer read(long offset, int size) {
      Objects.checkFromIndexSize(offset, size, length());
      if (size == 0) {
        return NO_BYTES.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      }
      int index = extentOf(offset);
      int start = (int) (offset - starts[index]);
      if (offset + size <= starts[index + 1]) {
        return extents.get(index).slice(start, size).order(ByteOrder.LITTLE_ENDIAN);
      }
      return gather(index, start, size);
    }

    synchronized void share(long offset, int size) {
      Objects.checkFromIndexSize(offset, size, length());
      for (int i = extentOf(offset); size > 0 && i < extents.size(); i++) {
        if (starts[i] < offset + size) {
          shared.set(i);
        }
      }
    }

    private int extentOf(long offset) {
      int index = Arrays.binarySearch(starts, 0, extents.size(), offset);
      return index >= 0 ? index : -index - 2;
    }

    /** A range over several extents can only be had as a copy, which the segment pays for too. */
    private ByteBuffer gather(int firstExtent, int start, int size) {
      ByteBuffer copy = pool.take(size);
      copies.add(copy);
      extentBytes += copy.capacity();
      copy.limit(size);
      int skip = start;
      for (int i = firstExtent; copy.hasRemaining(); i++) {
        int length = (int) (starts[i + 1] - starts[i]) - skip;
        copy.put(extents.get(i).slice(skip, Math.min(copy.remaining(), length)));
        skip = 0;
      }
      return copy.clear().slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void freeIfUnused() {
      if (listed || inputs > 0) {
        return;
      }
      if (shared.isEmpty()) {
        extents.addAll(copies);
      } else {
        forgetShared();
      }
      pool.give(extents, extentBytes);
      extents = new ArrayList<>();
      copies.clear();
      starts = new long[1];
      extentBytes = 0;
    }

    private void forgetShared() {
      List<ByteBuffer> reusable = new ArrayList<>(extents.size());
      long reusableBytes = 0;
      for (int i = 0; i < extents.size(); i++) {
        if (!shared.get(i)) {
          reusable.add(extents.get(i));
          reusableBytes += extents.get(i).capacity();
        }
      }
      pool.forget(extentBytes - reusableBytes);
      extents = reusable;
      extentBytes = reusableBytes;
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
      requireOpenInput();
      return segment.read(offset, size);
    }

    @Override
    public void share(long offset, int size) {
      requireOpenInput();
      segment.share(offset, size);
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

    private void requireOpenInput() {
      if (inputClosed.get()) {
        throw new IllegalStateException("The segment input is closed: name=" + segment.name);
      }
    }
  }
}
