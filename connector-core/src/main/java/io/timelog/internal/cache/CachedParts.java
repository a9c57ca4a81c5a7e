package io.timelog.internal.cache;

import io.timelog.TimelogException;
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
   *
   * Neighbours are read at once into a buffer of their own, and copied into their frames: so each part
   * comes and goes by itself. To share the buffer would spare the copy, and have a cursor that stands on
   * one part keep the memory of all.
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
    if (part != null) {
      return part;
    }
    cache.miss();
    return load(number, hold);
  }

  @Override
  public @Nullable T getIfLoaded(int number, Hold hold) {
    Frame<T> frame = frames.getAcquire(number);
    if (frame == null || !frame.tryPin()) {
      return null;
    }
    cache.hit();
    return enter(frame, hold);
  }

  @Override
  public T getOnTheWay(int number, int horizon, Hold hold) {
    T part = getIfLoaded(number, hold);
    if (part != null) {
      return part;
    }
    cache.miss();
    int step = number <= horizon ? 1 : -1;
    int wanted = Math.min(hold.partsToRead(number, step), Math.abs(horizon - number) + 1);
    int count = countToRead(number, step, wanted);
    hold.hasRead(count, number + step * (count - 1));
    return count == 1 ? load(number, hold) : loadRun(number, step, count, hold);
  }

  /** How many parts to read at once: what may be read ahead, up to a part that is there. */
  private int countToRead(int number, int step, int most) {
    int count = 1;
    int left = most == 1 ? 0 : cache.bytesAhead(memory) - cost(number);
    while (count < most) {
      int next = number + step * count;
      left -= cost(next);
      if (left < 0 || frames.getAcquire(next) != null) {
        break;
      }
      count++;
    }
    return count;
  }

  private int cost(int number) {
    return MemoryAccount.ownSlabBytes(reader.length(number));
  }

  private T load(int number, Hold hold) {
    ByteBuffer buffer = cache.take(reader.length(number), memory);
    return enter(add(number, read(number, buffer)), hold);
  }

  private ByteBuffer read(int number, ByteBuffer buffer) {
    try {
      source.read(reader.offset(number), part(buffer, reader.length(number)));
      cache.read(reader.length(number));
      return buffer;
    } catch (RuntimeException | Error e) {
      memory.give(buffer);
      throw e;
    }
  }

  /** Reads neighbours at once, if that can be done, and enters the first of them. */
  private T loadRun(int number, int step, int count, Hold hold) {
    int end = number + step * (count - 1);
    long from = reader.offset(Math.min(number, end));
    int high = Math.max(number, end);
    // Before the others: it is the one that is needed.
    ByteBuffer buffer = cache.take(reader.length(number), memory);
    ByteBuffer run;
    try {
      run = readAtOnce(from, Math.toIntExact(reader.offset(high) + reader.length(high) - from));
    } catch (RuntimeException | Error e) {
      memory.give(buffer);
      throw e;
    }
    if (run == null) {
      return enter(add(number, read(number, buffer)), hold);
    }
    try {
      T part = enter(add(number, copy(number, run, from, buffer)), hold);
      int next = number + step;
      while (next != end + step && addAhead(next, run, from)) {
        next += step;
      }
      return part;
    } finally {
      cache.giveRun(run, memory);
    }
  }

  /** Bytes of several parts; null if they cannot be had at once, but perhaps one by one. */
  private @Nullable ByteBuffer readAtOnce(long from, int length) {
    ByteBuffer run = cache.takeRun(length, memory);
    if (run == null) {
      return null;
    }
    boolean isRead = false;
    try {
      source.read(from, part(run, length));
      cache.read(length);
      isRead = true;
      return run;
    } catch (TimelogException unreadable) {
      return null;
    } finally {
      if (!isRead) {
        cache.giveRun(run, memory);
      }
    }
  }

  private ByteBuffer copy(int number, ByteBuffer run, long from, ByteBuffer target) {
    int start = Math.toIntExact(reader.offset(number) - from);
    return target.clear().put(0, run, start, reader.length(number));
  }

  /** Adds a part that nobody has asked for; false if there is no room, or it is damaged. */
  private boolean addAhead(int number, ByteBuffer run, long from) {
    ByteBuffer buffer = cache.takeAhead(reader.length(number), memory);
    if (buffer == null) {
      return false;
    }
    try {
      add(number, copy(number, run, from, buffer)).unpin();
      return true;
    } catch (TimelogException damaged) {
      // Who asks for it will be told, if anybody does.
      return false;
    }
  }

  /**
   * A frame for a part that was read into a buffer, or that of somebody who was faster; pinned. The
   * buffer is given back if it is of no use.
   */
  private Frame<T> add(int number, ByteBuffer buffer) {
    Frame<T> frame;
    try {
      T part = reader.open(number, part(buffer, reader.length(number)));
      frame = new Frame<>(this, number, part, buffer, memory);
    } catch (RuntimeException | Error e) {
      memory.give(buffer);
      throw e;
    }
    Frame<T> found = publish(number, frame);
    if (found != null) {
      memory.give(buffer);
      return found;
    }
    heldBytes.addAndGet(frame.capacity());
    cache.add(frame);
    return frame;
  }

  private T enter(Frame<T> pinned, Hold hold) {
    pinned.use();
    hold.moveTo(pinned);
    return pinned.part();
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

  /** Counts a frame that is pinned from now on, or, if negative, that is not any more. */
  void pinned(long more) {
    cache.pinned(more);
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
