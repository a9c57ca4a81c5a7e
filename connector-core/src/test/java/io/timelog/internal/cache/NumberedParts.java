package io.timelog.internal.cache;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** A segment of parts of one length, each of which has its number in every byte. */
final class NumberedParts implements PartReader<ByteBuffer>, ByteSource {
  static final int PART_BYTES = 1024;

  final CachedParts<ByteBuffer> parts;
  final Set<Integer> damaged = ConcurrentHashMap.newKeySet();
  final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
  private final AtomicIntegerArray reads;
  private final List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());

  NumberedParts(MemoryAccount memory, int count) {
    reads = new AtomicIntegerArray(count);
    parts = new CachedParts<>(PageCache.of(memory), memory, this, count, this);
  }

  /** How often a part was read from where it lies. */
  int reads(int number) {
    return reads.get(number);
  }

  /** How many parts were read at once, read by read, since the last call. */
  List<Integer> takeReads() {
    List<Integer> taken = List.copyOf(lengths);
    lengths.clear();
    return taken;
  }

  /** Whether the bytes are those of the part. */
  static boolean isPart(int number, ByteBuffer bytes) {
    for (int i = 0; i < PART_BYTES; i++) {
      if (bytes.get(i) != (byte) number) {
        return false;
      }
    }
    return bytes.limit() == PART_BYTES;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    RuntimeException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
    lengths.add(target.remaining() / PART_BYTES);
    byte[] part = new byte[PART_BYTES];
    for (int number = (int) (offset / PART_BYTES); target.hasRemaining(); number++) {
      reads.incrementAndGet(number);
      Arrays.fill(part, (byte) number);
      target.put(part);
    }
  }

  @Override
  public long offset(int number) {
    return (long) number * PART_BYTES;
  }

  @Override
  public int length(int number) {
    return PART_BYTES;
  }

  @Override
  public ByteBuffer open(int number, ByteBuffer bytes) {
    if (damaged.contains(number)) {
      throw new TimelogCorruptionException("Part is damaged", "segment", offset(number));
    }
    return bytes;
  }
}
