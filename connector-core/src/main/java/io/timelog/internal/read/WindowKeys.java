package io.timelog.internal.read;

import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.Direction;
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
 */
final class WindowKeys {
  private final Direction direction;

  /** A binary heap; each entry stands on a key. The root is the current key and window. */
  private final KeyMerge[] heap;

  /** The number of the window of each entry of the heap. */
  private final int[] windows;

  private int size;
  private boolean started;

  private byte[] key = new byte[32];
  private int keyLength;
  private long keyNumber;

  /** Opens the windows {@code from} to {@code to} of a view, both included. */
  WindowKeys(
      TableView view,
      int from,
      int to,
      Rule rule,
      long version,
      KeyBounds bounds,
      TimeSpan span,
      Direction direction) {
    this.direction = direction;
    int count = Math.max(0, to - from + 1);
    heap = new KeyMerge[count];
    windows = new int[count];
    for (int window = from; window <= to; window++) {
      KeyMerge keys =
          new KeyMerge(
              view.window(window), rule, view.tombstones(), version, bounds, span, direction);
      if (keys.advance()) {
        heap[size] = keys;
        windows[size++] = window;
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
        && KeyOrder.compare(at.keyBuffer(), at.keyOffset(), length, key, 0, keyLength) == 0) {
      return;
    }
    if (key.length < length) {
      key = new byte[length * 2];
    }
    ByteCopy.read(at.keyBuffer(), at.keyOffset(), length, key, 0);
    keyLength = length;
    keyNumber++;
  }

  private void advanceRoot() {
    if (!heap[0].advance()) {
      size--;
      heap[0] = heap[size];
      windows[0] = windows[size];
    }
    if (size > 1) {
      siftDown(0);
    }
  }

  private void siftDown(int from) {
    KeyMerge moved = heap[from];
    int window = windows[from];
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size
          && comesBefore(heap[child + 1], windows[child + 1], heap[child], windows[child])) {
        child++;
      }
      if (!comesBefore(heap[child], windows[child], moved, window)) {
        break;
      }
      heap[place] = heap[child];
      windows[place] = windows[child];
      place = child;
    }
    heap[place] = moved;
    windows[place] = window;
  }

  private boolean comesBefore(KeyMerge left, int leftWindow, KeyMerge right, int rightWindow) {
    int order =
        KeyOrder.compare(
            left.keyBuffer(),
            left.keyOffset(),
            left.keyLength(),
            right.keyBuffer(),
            right.keyOffset(),
            right.keyLength());
    return direction.step() * (order == 0 ? Integer.compare(leftWindow, rightWindow) : order) < 0;
  }
}
