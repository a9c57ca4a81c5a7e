package io.timelog.internal.storage;

import io.timelog.TimelogException;
import io.timelog.internal.memory.MemoryAccount;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Segments in memory outside the Java heap, every byte of it taken from the account of a store. The
 * bytes of a segment are free when it is deleted and its last input is closed; those of an
 * unfinished one when it is aborted. What is in memory does not outlive its storage: closing that
 * deletes all segments.
 */
public final class MemoryStorage implements SegmentStorage {
  private final MemoryAccount memory;
  private final ConcurrentMap<String, MemorySegment> segments = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Keeps segments in the memory of {@code memory}. */
  public MemoryStorage(MemoryAccount memory) {
    this.memory = memory;
  }

  @Override
  public SegmentOutput create(String name) {
    requireOpen();
    MemorySegment segment = new MemorySegment(name, memory);
    if (segments.putIfAbsent(name, segment) != null) {
      throw new IllegalArgumentException("A segment of this name exists: name=" + name);
    }
    return new MemoryOutput(this, segment);
  }

  @Override
  public SegmentInput open(String name) {
    requireOpen();
    MemorySegment segment = segments.get(name);
    if (segment == null || !segment.tryOpen()) {
      throw new TimelogException("There is no such segment in memory: name=" + name);
    }
    return new MemoryInput(this, segment);
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
        .map(MemorySegment::name)
        .sorted()
        .toList();
  }

  @Override
  public long heldBytes() {
    return segments.values().stream().mapToLong(MemorySegment::heldBytes).sum();
  }

  /** Deletes every segment and refuses every further call. Open inputs stay readable. */
  @Override
  public void close() {
    closed = true;
    segments.values().forEach(this::delete);
  }

  void delete(MemorySegment segment) {
    if (segment.delete()) {
      remove(segment);
    }
  }

  void remove(MemorySegment segment) {
    segments.remove(segment.name(), segment);
  }

  /** A segment that is sealed while the storage is being closed is deleted as well. */
  void sealed(MemorySegment segment) {
    if (closed) {
      delete(segment);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The segment storage is closed");
    }
  }

  @Override
  public String toString() {
    return "MemoryStorage[segments=" + segments.size() + "]";
  }
}
