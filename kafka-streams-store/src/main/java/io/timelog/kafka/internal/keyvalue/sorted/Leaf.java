package io.timelog.kafka.internal.keyvalue.sorted;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys in order. They lie in one array, one behind the other, so that a million keys are a few ten
 * thousand objects for the garbage collector and not a few million.
 */
final class Leaf extends Node {
  /** A leaf of long keys is split before it is too costly to copy. */
  static final int MAX_BYTES = 8 << 10;

  private static final int MIN_CAPACITY = 8;
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_ENDS = {};

  private byte[] bytes;
  private int[] ends;
  private int count;

  private Leaf(long era, byte[] bytes, int[] ends, int count) {
    super(era);
    this.bytes = bytes;
    this.ends = ends;
    this.count = count;
  }

  /** No keys. */
  static Leaf empty(long era) {
    return new Leaf(era, NO_BYTES, NO_ENDS, 0);
  }

  /** Keys that lie in order in the array, as many as there are ends. The arrays are not copied. */
  static Leaf of(long era, byte[] bytes, int[] ends) {
    return new Leaf(era, bytes, ends, ends.length);
  }

  /** The same keys, to be changed. */
  Leaf copy(long era) {
    return new Leaf(era, bytes.clone(), ends.clone(), count);
  }

  @Override
  int count() {
    return count;
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  byte[] key(int index) {
    return Arrays.copyOfRange(bytes, start(index), ends[index]);
  }

  int compare(int index, byte[] key) {
    return KeyOrder.compare(bytes, start(index), ends[index], key);
  }

  /** The place of the key, or of the first one behind it as {@code -place - 1}. */
  int find(byte[] key) {
    // Keys that come in order are behind the last, and those of a queue go from the first.
    int high = count - 1;
    if (high < 0 || compare(high, key) < 0) {
      return -count - 1;
    }
    int order = compare(0, key);
    if (order >= 0) {
      return order == 0 ? 0 : -1;
    }
    int low = 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      order = compare(middle, key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** Whether a key of that length is one too many. */
  boolean isFullFor(int keyLength) {
    return count == MAX_FANOUT || (count > 0 && start(count) + keyLength > MAX_BYTES);
  }

  void insert(int place, byte[] key) {
    int used = start(count);
    int length = key.length;
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, Math.min(MAX_FANOUT, Math.max(MIN_CAPACITY, count * 2)));
    }
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, capacityFor(used + length));
    }
    int start = start(place);
    System.arraycopy(bytes, start, bytes, start + length, used - start);
    System.arraycopy(key, 0, bytes, start, length);
    for (int i = count; i > place; i--) {
      ends[i] = ends[i - 1] + length;
    }
    ends[place] = start + length;
    count++;
  }

  /** Room for as many keys of the same size as there are ends for. */
  private int capacityFor(int needed) {
    long expected = (long) needed * ends.length / (count + 1);
    return (int) Math.max(needed, Math.min(expected, MAX_BYTES));
  }

  void remove(int place) {
    int start = start(place);
    int end = ends[place];
    int used = start(count);
    System.arraycopy(bytes, end, bytes, start, used - end);
    count--;
    int length = end - start;
    for (int i = place; i < count; i++) {
      ends[i] = ends[i + 1] - length;
    }
    if (used - length < bytes.length / 4) {
      bytes = Arrays.copyOf(bytes, (used - length) * 2);
    }
  }

  /**
   * Takes the upper half of the keys out into a leaf of its own; none of them if the next key comes
   * behind all, so that keys that come in order leave full leaves.
   *
   * @param place where the next key comes
   */
  Leaf split(int place, long era) {
    if (place == count) {
      return empty(era);
    }
    int middle = count / 2;
    int start = start(middle);
    byte[] upper = Arrays.copyOfRange(bytes, start, start(count));
    int[] upperEnds = Arrays.copyOfRange(ends, middle, count);
    for (int i = 0; i < upperEnds.length; i++) {
      upperEnds[i] -= start;
    }
    count = middle;
    return of(era, upper, upperEnds);
  }

  @Override
  @Nullable Leaf mergedWith(Node next, byte[] separator, long era) {
    Leaf other = (Leaf) next;
    int sum = count + other.count;
    int used = start(count);
    int length = used + other.start(other.count);
    if (sum > MAX_MERGED_FANOUT || length > MAX_BYTES / 2) {
      return null;
    }
    byte[] both = Arrays.copyOf(bytes, length);
    System.arraycopy(other.bytes, 0, both, used, length - used);
    int[] bothEnds = Arrays.copyOf(ends, sum);
    for (int i = 0; i < other.count; i++) {
      bothEnds[count + i] = used + other.ends[i];
    }
    return of(era, both, bothEnds);
  }
}
