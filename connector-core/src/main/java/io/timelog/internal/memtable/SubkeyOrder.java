package io.timelog.internal.memtable;

import io.timelog.Span;
import java.util.Arrays;

/**
 * The order in which a map stores the rows of a batch: by subkey, and of those that share one only
 * the last. A batch that is in this order already costs one comparison for each row; else its
 * numbers are merged, which allocates only for a batch that is larger than those before.
 *
 * <p>Not thread-safe.
 */
final class SubkeyOrder {
  /** Arrays for more rows are not kept. */
  private static final int MAX_KEPT_ROWS = 1 << 14;

  private static final int[] NO_NUMBERS = {};

  private final Span left = new Span();
  private int[] numbers = NO_NUMBERS;
  private int[] merged = NO_NUMBERS;
  private boolean asGiven;
  private int size;

  /** Takes the rows of a batch in the order of their subkeys. */
  void sort(RowBatch batch) {
    size = batch.size();
    asGiven = isAscending(batch);
    if (asGiven) {
      return;
    }
    if (numbers.length < size) {
      numbers = new int[size];
      merged = new int[size];
    }
    for (int i = 0; i < size; i++) {
      numbers[i] = i;
    }
    for (int width = 1; width < size; width *= 2) {
      mergePairs(batch, width);
    }
    dropDuplicates(batch);
  }

  private boolean isAscending(RowBatch batch) {
    for (int i = 1; i < size; i++) {
      if (compare(batch, i - 1, i) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Merges runs of so many sorted numbers two by two; the one that came first stays before. */
  private void mergePairs(RowBatch batch, int width) {
    for (int start = 0; start < size; start += 2 * width) {
      int middle = Math.min(size, start + width);
      int end = Math.min(size, start + 2 * width);
      int low = start;
      int high = middle;
      for (int at = start; at < end; at++) {
        boolean takesLow =
            low < middle && (high == end || compare(batch, numbers[low], numbers[high]) <= 0);
        merged[at] = takesLow ? numbers[low++] : numbers[high++];
      }
    }
    int[] sorted = merged;
    merged = numbers;
    numbers = sorted;
  }

  private void dropDuplicates(RowBatch batch) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i + 1 == size || compare(batch, numbers[i], numbers[i + 1]) != 0) {
        numbers[kept++] = numbers[i];
      }
    }
    size = kept;
  }

  private int compare(RowBatch batch, int one, int other) {
    left.set(batch.subkey(one));
    Span right = batch.subkey(other);
    return Arrays.compareUnsigned(
        left.bytes(),
        left.offset(),
        left.offset() + left.length(),
        right.bytes(),
        right.offset(),
        right.offset() + right.length());
  }

  /** How many rows are stored. */
  int size() {
    return size;
  }

  /** The number in the batch of the row that is stored at a place, from 0. */
  int number(int place) {
    return asGiven ? place : numbers[place];
  }

  /** Keeps nothing of the batch. */
  void clear() {
    left.set(left.bytes(), 0, 0);
    if (numbers.length > MAX_KEPT_ROWS) {
      numbers = NO_NUMBERS;
      merged = NO_NUMBERS;
    }
  }
}
