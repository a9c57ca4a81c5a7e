package io.timelog.kafka.internal.keyvalue.sorted;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Children in order, and what tells in which of them a key is. */
final class Inner extends Node {
  private Node[] children;

  /** All keys below child i are at or above separator i; that of the first child says nothing. */
  private byte[][] separators;

  private int count;

  private Inner(long era, Node[] children, byte[][] separators, int count) {
    super(era);
    this.children = children;
    this.separators = separators;
    this.count = count;
  }

  /** As many children as the arrays are long, which are not copied. */
  static Inner of(long era, Node[] children, byte[][] separators) {
    return new Inner(era, children, separators, children.length);
  }

  /** The same children, to be changed. */
  Inner copy(long era) {
    return new Inner(era, children.clone(), separators.clone(), count);
  }

  @Override
  int count() {
    return count;
  }

  Node child(int index) {
    return children[index];
  }

  byte[] separator(int index) {
    return separators[index];
  }

  /** The child in which the key is, if it is in any. */
  int childOf(byte[] key) {
    // Keys that come in order go to the last child, and those of a queue leave the first.
    int high = count - 1;
    if (isAtOrAbove(high, key)) {
      return high;
    }
    if (!isAtOrAbove(1, key)) {
      return 0;
    }
    int low = 2;
    high--;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (isAtOrAbove(middle, key)) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private boolean isAtOrAbove(int index, byte[] key) {
    byte[] separator = separators[index];
    return index == 0 || KeyOrder.compare(separator, 0, separator.length, key) <= 0;
  }

  boolean isFull() {
    return count == MAX_FANOUT;
  }

  void set(int index, Node child) {
    children[index] = child;
  }

  void insert(int index, Node child, byte[] separator) {
    if (count == children.length) {
      int capacity = Math.min(MAX_FANOUT, Math.max(8, count * 2));
      children = Arrays.copyOf(children, capacity);
      separators = Arrays.copyOf(separators, capacity);
    }
    System.arraycopy(children, index, children, index + 1, count - index);
    System.arraycopy(separators, index, separators, index + 1, count - index);
    children[index] = child;
    separators[index] = separator;
    count++;
  }

  void remove(int index) {
    count--;
    System.arraycopy(children, index + 1, children, index, count - index);
    System.arraycopy(separators, index + 1, separators, index, count - index);
    forget(count, count + 1);
  }

  /** What is not in use must not keep anything from being collected. */
  private void forget(int from, int to) {
    Arrays.fill(children, from, to, null);
    Arrays.fill(separators, from, to, null);
  }

  /** As {@link Leaf#split}. */
  Inner split(int place, long era) {
    int from = place == count ? count : count / 2;
    Inner upper =
        of(
            era,
            Arrays.copyOfRange(children, from, count),
            Arrays.copyOfRange(separators, from, count));
    forget(from, count);
    count = from;
    return upper;
  }

  @Override
  @Nullable Inner mergedWith(Node next, byte[] separator, long era) {
    Inner other = (Inner) next;
    int sum = count + other.count;
    if (sum > MAX_MERGED_FANOUT) {
      return null;
    }
    Node[] both = Arrays.copyOf(children, sum);
    byte[][] bothSeparators = Arrays.copyOf(separators, sum);
    System.arraycopy(other.children, 0, both, count, other.count);
    System.arraycopy(other.separators, 0, bothSeparators, count, other.count);
    bothSeparators[count] = separator;
    return of(era, both, bothSeparators);
  }
}
