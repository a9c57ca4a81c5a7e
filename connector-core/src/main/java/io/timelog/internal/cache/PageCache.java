package io.timelog.internal.cache;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Reclaimable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The frames of all stores of one memory budget, and the choice which of them go when there is no
 * room for more. Thread-safe.
 *
 * <p>The cache grows into what new entries could use, who get it when they ask for it; beyond that
 * a frame takes the place of another one. Only if there is none, it takes of what is left, as
 * segments do.
 */
public final class PageCache implements Reclaimable {
  /*
   * A clock: frames in a ring, and a hand that goes over them. What was used since the hand came by last is
   * passed over once; what is pinned, as long as it is. A part that was loaded and never asked for again
   * goes the first time, so a scan of everything passes through the cache and leaves in it what others use
   * again and again.
   *
   * The lock is taken for what is loaded and evicted, never for a hit. Buffers are given back outside of
   * it, since the pool has a lock of its own.
   */

  /** So much may be read at once, ahead of a reader. */
  private static final int MAX_BYTES_AHEAD = 1 << 20;

  /** What is read at once is such a part of the cache at most: others need some of it, too. */
  private static final int AHEAD_PART = 16;

  /** What is being read at once by all readers together is such a part of it at most. */
  private static final int RUNS_PART = 4;

  private final List<@Nullable Frame<?>> clock = new ArrayList<>();

  /** Places without a frame. What is loaded takes the one that was left last, behind the hand. */
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  private int hand;
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder pinnedBytes = new LongAdder();
  private final AtomicLong runBytes = new AtomicLong();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder readBytes = new LongAdder();

  private PageCache() {}

  /** The cache of the budget that an account belongs to. */
  public static PageCache of(MemoryAccount memory) {
    return memory.reclaimable(PageCache.class, PageCache::new);
  }

  /**
   * A buffer of {@code size} bytes or little more, for a frame.
   *
   * @param memory pays for it
   * @throws MemoryBudgetExceededException if there is no room, and all frames are pinned
   */
  ByteBuffer take(int size, MemoryAccount memory) {
    if (spare(memory) < size) {
      evict(size);
    }
    while (true) {
      try {
        return memory.takeExtent(size);
      } catch (MemoryBudgetExceededException noRoom) {
        // Another reader may have been faster to take what was evicted.
        if (evict(size) == 0) {
          noRoom.addSuppressed(new IllegalStateException(pinned()));
          throw noRoom;
        }
      }
    }
  }

  /** How many bytes may be read at once of what nobody has asked for yet. */
  int bytesAhead(MemoryAccount memory) {
    return (int) Math.min(MAX_BYTES_AHEAD, room(memory) / AHEAD_PART);
  }

  /** What all frames together could have. */
  private long room(MemoryAccount memory) {
    return bytes() + Math.max(0, spare(memory));
  }

  /**
   * A buffer to read neighbours into at once, which {@link #giveRun} takes back; null if there is
   * no room, or other readers have such buffers in so much of it that a part that somebody needs
   * might find none.
   */
  @Nullable ByteBuffer takeRun(int size, MemoryAccount memory) {
    int capacity = MemoryAccount.ownSlabBytes(size);
    boolean fits = runBytes.addAndGet(capacity) <= room(memory) / RUNS_PART;
    ByteBuffer run = fits ? takeAhead(size, memory) : null;
    if (run == null) {
      runBytes.addAndGet(-capacity);
    }
    return run;
  }

  /** Takes back what neighbours were read into. */
  void giveRun(ByteBuffer run, MemoryAccount memory) {
    runBytes.addAndGet(-run.capacity());
    memory.give(run);
  }

  /** As {@link #take}, of what new entries could use and of what frames give up; else null. */
  @Nullable ByteBuffer takeAhead(int size, MemoryAccount memory) {
    if (spare(memory) < size && evict(size) < size) {
      return null;
    }
    try {
      return memory.takeExtent(size);
    } catch (MemoryBudgetExceededException noRoom) {
      return null;
    }
  }

  /** What new entries could have; what the last run was read into is of use again. */
  private static long spare(MemoryAccount memory) {
    return memory.unusedByEntries() + memory.pooledBytes();
  }

  /** What stands in the way if no frame can be evicted. */
  private synchronized String pinned() {
    int pages = 0;
    int held = 0;
    long holds = 0;
    for (Frame<?> frame : clock) {
      if (frame != null) {
        int pins = frame.pins();
        pages++;
        held += pins > 0 ? 1 : 0;
        holds += pins;
      }
    }
    return "Pages of files are held by cursors, close those that are not read any more: pages="
        + pages
        + ", heldPages="
        + held
        + ", cursors="
        + holds;
  }

  /** Counts a part that was in memory. */
  void hit() {
    hits.increment();
  }

  /** Counts a part that was not. */
  void miss() {
    misses.increment();
  }

  /** Counts bytes that were read. */
  void read(long more) {
    readBytes.add(more);
  }

  /** The cache in numbers, of all stores of the budget. */
  public CacheFigures figures() {
    return new CacheFigures(bytes(), hits.sum(), misses.sum(), readBytes.sum());
  }

  /** Takes in a frame that was just published, and is still pinned by who made it. */
  synchronized void add(Frame<?> frame) {
    Integer place = free.pollLast();
    if (place == null) {
      frame.setPlace(clock.size());
      clock.add(frame);
    } else {
      frame.setPlace(place);
      clock.set(place, frame);
    }
    bytes.addAndGet(frame.capacity());
    pinned(frame.capacity());
  }

  private void remove(Frame<?> frame) {
    clock.set(frame.place(), null);
    free.addLast(frame.place());
    bytes.addAndGet(-frame.capacity());
  }

  /** Evicts a frame unless somebody uses it. */
  void evict(Frame<?> frame) {
    synchronized (this) {
      if (!frame.tryEvict()) {
        return;
      }
      remove(frame);
    }
    frame.free();
  }

  /** The bytes of all frames. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public long idleBytes() {
    return Math.max(0, bytes() - pinnedBytes.sum());
  }

  /** Counts a frame that is pinned from now on, or, if negative, that is not any more. */
  void pinned(long more) {
    pinnedBytes.add(more);
  }

  @Override
  public long reclaim(long wantedBytes) {
    return evict(wantedBytes);
  }

  /** Evicts so many bytes, or all that nobody uses just now; returns how many. */
  private long evict(long wantedBytes) {
    long evicted = 0;
    for (Frame<?> victim : victims(wantedBytes)) {
      evicted += victim.capacity();
      victim.free();
    }
    return evicted;
  }

  private synchronized List<Frame<?>> victims(long wantedBytes) {
    List<Frame<?>> victims = new ArrayList<>();
    long found = 0;
    // In the first round all may have been used again, and in the second one none is left.
    for (int steps = 2 * clock.size(); steps > 0 && found < wantedBytes; steps--) {
      Frame<?> frame = clock.get(hand);
      if (frame != null && !frame.takeUse() && frame.tryEvict()) {
        remove(frame);
        victims.add(frame);
        found += frame.capacity();
      }
      hand = hand + 1 == clock.size() ? 0 : hand + 1;
    }
    return victims;
  }
}
