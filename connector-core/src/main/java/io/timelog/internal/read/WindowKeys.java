package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.TableView;

/**
 * Walks the keys of several partition windows in one key order: a key that lies in several windows
 * comes once for each, next to each other, the windows in order of time; or all in exact reverse.
 *
 * <p>A heap of the windows' {@link KeyMerge}s, so a step costs O(log windows). All windows are
 * opened at once, which sorts the keys of each once; how far each has come is all that is kept.
 * Since a key group is a prefix of its keys, key order is also the order of key groups. Not
 * thread-safe.
 *
 * <p>All windows but the current one rest: of what lies in files they keep no page in memory, so
 * there may be more windows than there is room for pages.
 */
final class WindowKeys {
  private final KeyBounds bounds;
  private final Direction direction;

  /** A binary heap; each entry stands on a key. The root is the current key and window. */
  private final KeyMerge[] heap;

  /** The number of the window of each entry of the heap. */
  private final int[] windows;

  /**
   * The {@link KeyOrder#prefix} of the key that each entry of the heap stands on: nearly all
   * comparisons end here, without a look at the keys, which lie scattered over memory.
   */
  private final long[] prefixes;

  private int size;
  private boolean started;

  private byte[] key = new byte[32];
  private int keyLength;
  private long keyPrefix;
  private long keyNumber;

  /** The keys within bounds of the windows {@code from} to {@code to} of a view, both included. */
  WindowKeys(
      TableView view,
      int from,
      int to,
      Rule rule,
      ReadScope scope,
      KeyBounds bounds,
      TimeSpan span,
      Direction direction) {
    this.bounds = bounds;
    this.direction = direction;
    int count = Math.max(0, to - from + 1);
    heap = new KeyMerge[count];
    windows = new int[count];
    prefixes = new long[count];
    for (int window = from; window <= to; window++) {
      KeyMerge keys =
          new KeyMerge(
              view.window(window), rule, view.tombstones(), scope, bounds, span, direction);
      if (advance(keys)) {
        heap[size] = keys;
        windows[size] = window;
        prefixes[size++] = prefix(keys);
        keys.rest();
      }
    }
    for (int place = size / 2 - 1; place >= 0; place--) {
      siftDown(place);
    }
  }

  /** Moves to the next window that has the key, or the next key; false when there is none. */
  boolean advance() {
    if (started) {
      advanceRoot();
    }
    started = true;
    if (size == 0) {
      return false;
    }
    noteKey(heap[0]);
    return true;
  }

  /** Moves to the first window of the next key; false when there is none. */
  boolean advanceKey() {
    long before = keyNumber;
    while (advance()) {
      if (keyNumber != before) {
        return true;
      }
    }
    return false;
  }

  /** The current key in the current window. */
  KeyMerge current() {
    return heap[0];
  }

  /** Counts keys: the same for all windows of one key, and for no other key. */
  long keyNumber() {
    return keyNumber;
  }

  private void noteKey(KeyMerge at) {
    int length = at.keyLength();
    if (keyNumber > 0
        && prefixes[0] == keyPrefix
        && KeyOrder.compare(at.keyBuffer(), at.keyOffset(), length, key, 0, keyLength) == 0) {
      return;
    }
    if (key.length < length) {
      key = new byte[length * 2];
    }
    ByteCopy.read(at.keyBuffer(), at.keyOffset(), length, key, 0);
    keyLength = length;
    keyPrefix = prefixes[0];
    keyNumber++;
  }

  private void advanceRoot() {
    KeyMerge before = heap[0];
    boolean more = advance(before);
    if (more) {
      prefixes[0] = prefix(before);
    } else {
      size--;
      heap[0] = heap[size];
      windows[0] = windows[size];
      prefixes[0] = prefixes[size];
    }
    if (size > 1) {
      siftDown(0);
    }
    if (more && heap[0] != before) {
      before.rest();
    }
  }

  /** Moves to the next key within the bounds; false when there is none. */
  private boolean advance(KeyMerge keys) {
    while (keys.advance()) {
      if (bounds.contains(keys)) {
        return true;
      }
    }
    return false;
  }

  private static long prefix(KeyMerge at) {
    return KeyOrder.prefix(at.keyBuffer(), at.keyOffset(), at.keyLength());
  }

  private void siftDown(int from) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && comesBefore(child + 1, child)) {
        child++;
      }
      if (!comesBefore(child, place)) {
        return;
      }
      swap(child, place);
      place = child;
    }
  }

  private void swap(int left, int right) {
    KeyMerge keys = heap[left];
    heap[left] = heap[right];
    heap[right] = keys;
    int window = windows[left];
    windows[left] = windows[right];
    windows[right] = window;
    long prefix = prefixes[left];
    prefixes[left] = prefixes[right];
    prefixes[right] = prefix;
  }

  private boolean comesBefore(int left, int right) {
    int order = Long.compareUnsigned(prefixes[left], prefixes[right]);
    if (order == 0) {
      order = compareKeys(heap[left], heap[right]);
    }
    if (order == 0) {
      order = Integer.compare(windows[left], windows[right]);
    }
    return direction.step() * order < 0;
  }

  private static int compareKeys(KeyMerge left, KeyMerge right) {
    return KeyOrder.compare(
        left.keyBuffer(),
        left.keyOffset(),
        left.keyLength(),
        right.keyBuffer(),
        right.keyOffset(),
        right.keyLength());
  }
}
