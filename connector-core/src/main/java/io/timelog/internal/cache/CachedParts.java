package io.timelog.internal.cache;

import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Parts whose bytes are elsewhere: read when they are asked for, and in memory for as long as they
 * are held, or the cache has no better use for the memory.
 *
 * @param <T> what a part is to its readers
 */
public final class CachedParts<T> extends Parts<T> {
  /*
   * Each part has a slot for its frame. A reader who finds one there pins it; if that fails, the frame was
   * evicted just now, and the slot is as good as empty. Two readers may both load a part; the first
   * publishes its frame, and the other gives its own up.
   */
  private final PageCache cache;
  private final MemoryAccount memory;
  private final ByteSource source;
  private final PartReader<T> reader;
  private final AtomicReferenceArray<@Nullable Frame<T>> frames;
  private final AtomicLong heldBytes = new AtomicLong();

  /**
   * The parts that a reader knows, of which none is in memory.
   *
   * @param memory pays for those that are
   */
  public CachedParts(
      PageCache cache, MemoryAccount memory, ByteSource source, int count, PartReader<T> reader) {
    this.cache = cache;
    this.memory = memory;
    this.source = source;
    this.reader = reader;
    frames = new AtomicReferenceArray<>(count);
  }

  @Override
  public int count() {
    return frames.length();
  }

  @Override
  public T get(int number, Hold hold) {
    T part = getIfLoaded(number, hold);
    return part != null ? part : load(number, hold);
  }

  @Override
  public @Nullable T getIfLoaded(int number, Hold hold) {
    Frame<T> frame = frames.getAcquire(number);
    if (frame == null || !frame.tryPin()) {
      return null;
    }
    frame.use();
    hold.moveTo(frame);
    return frame.part();
  }

  private T load(int number, Hold hold) {
    int length = reader.length(number);
    ByteBuffer buffer = cache.take(length, memory);
    Frame<T> frame;
    try {
      source.read(reader.offset(number), buffer.clear().limit(length));
      frame = new Frame<>(this, number, reader.open(number, part(buffer, length)), buffer, memory);
    } catch (RuntimeException | Error e) {
      memory.give(buffer);
      throw e;
    }
    Frame<T> found = publish(number, frame);
    if (found != null) {
      memory.give(buffer);
      frame = found;
    } else {
      heldBytes.addAndGet(frame.capacity());
      cache.add(frame);
    }
    hold.moveTo(frame);
    return frame.part();
  }

  /** The frame that somebody else published before, pinned; null if this one is published. */
  private @Nullable Frame<T> publish(int number, Frame<T> frame) {
    while (true) {
      Frame<T> there = frames.getAcquire(number);
      if (there != null && there.tryPin()) {
        return there;
      }
      if (frames.compareAndSet(number, there, frame)) {
        return null;
      }
    }
  }

  private static ByteBuffer part(ByteBuffer buffer, int length) {
    return buffer.clear().slice(0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Empties the slot of a frame that was evicted, unless another one is there already. */
  void evicted(int number, Frame<T> frame) {
    heldBytes.addAndGet(-frame.capacity());
    frames.compareAndSet(number, frame, null);
  }

  @Override
  public T toKeep(int number) {
    ByteBuffer copy = ByteBuffer.allocate(reader.length(number)).order(ByteOrder.LITTLE_ENDIAN);
    source.read(reader.offset(number), copy);
    return reader.open(number, copy.clear());
  }

  @Override
  public Hold newHold() {
    return new Hold();
  }

  @Override
  public boolean areResident() {
    return false;
  }

  @Override
  public void forget(int number) {
    Frame<T> frame = frames.getAcquire(number);
    if (frame != null) {
      cache.evict(frame);
    }
  }

  /** The bytes of the parts that are in memory. */
  public long heldBytes() {
    return heldBytes.get();
  }

  /** Evicts all parts, because the segment is not read any more. */
  public void close() {
    for (int number = 0; number < frames.length(); number++) {
      forget(number);
    }
  }
}
