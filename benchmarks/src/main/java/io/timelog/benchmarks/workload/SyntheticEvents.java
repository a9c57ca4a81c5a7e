package io.timelog.benchmarks.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The events of a workload. Each is a pure function of the seed and its number, so that the input
 * is the same for every engine, takes no memory, and any part of it can be made again.
 */
public final class SyntheticEvents implements Events {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long SCAN_STREAM = 0x5CA115CA115CA115L;

  private final Workload workload;

  public SyntheticEvents(Workload workload) {
    this.workload = workload;
  }

  @Override
  public byte[] key(long number) {
    return keyOf(Math.floorMod(random(number) >>> 20, workload.keys()));
  }

  /** The number of the event, or up to the displacement before it. */
  @Override
  public long timestamp(long number) {
    long random = mix(random(number));
    if (Math.floorMod(random, 100) >= workload.displacedPercent()) {
      return number;
    }
    long displacement = 1 + Math.floorMod(random >>> 20, workload.maxDisplacement());
    return Math.max(0, number - displacement);
  }

  /** Words that compress and words that do not, in turns. */
  @Override
  public byte[] value(long number) {
    byte[] value = new byte[workload.valueBytes()];
    long random = random(number);
    for (int offset = 0; offset < value.length; offset += Long.BYTES) {
      random = (offset & Long.BYTES) == 0 ? mix(random + offset) : random;
      LONG.set(value, offset, (offset & Long.BYTES) == 0 ? random : number);
    }
    return value;
  }

  /** All keys, of which events and scans draw theirs. */
  public List<byte[]> keys() {
    return IntStream.range(0, workload.keys()).mapToObj(this::keyOf).toList();
  }

  /** The key of scan {@code number}. */
  public byte[] scanKey(long number) {
    return keyOf(Math.floorMod(mix(SCAN_STREAM + number * GOLDEN), workload.keys()));
  }

  @Override
  public void forEachBetween(long start, long end, EntryConsumer consumer) {
    long events = workload.events();
    long last = end >= events ? events : Math.min(events, end + workload.maxDisplacement());
    for (long number = Math.max(0, start); number < last; number++) {
      long timestamp = timestamp(number);
      if (timestamp >= start && timestamp < end) {
        consumer.accept(key(number), timestamp, number);
      }
    }
  }

  /** How many of the first {@code appended} events have a timestamp of at least {@code cutoff}. */
  public long countSince(long cutoff, long appended) {
    long first = Math.max(0, cutoff);
    long count = Math.max(0, appended - first);
    for (long number = first;
        number < Math.min(appended, first + workload.maxDisplacement());
        number++) {
      if (timestamp(number) < cutoff) {
        count--;
      }
    }
    return count;
  }

  private byte[] keyOf(long keyNumber) {
    byte[] key = new byte[Long.BYTES];
    LONG.set(key, 0, mix(keyNumber + workload.seed()));
    return key;
  }

  private long random(long number) {
    return mix(workload.seed() * GOLDEN + number);
  }

  /** The finalizer of SplitMix64: a bijection whose output bits all depend on all input bits. */
  private static long mix(long word) {
    long mixed = word + GOLDEN;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
