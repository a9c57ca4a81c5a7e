package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the batches of one file of the log are, from the front up to the first that is not whole.
 */
final class FileWalk {
  private static final int FIRST_CAPACITY = 16;
  private static final long COMMIT_MARK = 1;

  private final long number;
  private final String name;
  private final long firstBatch;

  /** Where each batch begins, marked if it ends a commit; places are multiples of 8. */
  private long[] places = new long[FIRST_CAPACITY];

  private int count;
  private long end = LogHeaderFormat.BYTES;

  private FileWalk(long number, String name, long firstBatch) {
    this.number = number;
    this.name = name;
    this.firstBatch = firstBatch;
  }

  /**
   * Walks a file.
   *
   * @param firstBatch the number of its first batch
   * @param limit no batch is looked at that ends behind it
   * @throws TimelogCorruptionException if a batch is whole and does not follow the one before
   */
  static FileWalk of(LogFileReader file, long number, long firstBatch, long limit)
      throws IOException {
    FileWalk walk = new FileWalk(number, file.name(), firstBatch);
    while (true) {
      ByteBuffer batch = file.batch(walk.end, limit);
      if (batch == null) {
        return walk;
      }
      walk.add(new BatchReader(file.name(), walk.end, batch).checkStamp(), batch.limit());
    }
  }

  private void add(BatchStamp stamp, int length) {
    if (stamp.batch() != nextBatch()) {
      throw new TimelogCorruptionException(
          "Log has a hole: batch=" + stamp.batch() + ", expected=" + nextBatch(), name, end);
    }
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
    }
    places[count++] = end | (stamp.isCommit() ? COMMIT_MARK : 0);
    end += length;
  }

  long number() {
    return number;
  }

  String name() {
    return name;
  }

  long firstBatch() {
    return firstBatch;
  }

  /** The number of the batch behind the last one. */
  long nextBatch() {
    return firstBatch + count;
  }

  /** Where the last whole batch ends. */
  long end() {
    return end;
  }

  /** Whether a batch begins at an offset, or the last one ends there. */
  boolean hasPlace(long offset) {
    return offset == end || (offset >= LogHeaderFormat.BYTES && place(indexAt(offset)) == offset);
  }

  /** The number of the batch that begins at such an offset. */
  long batchAt(long offset) {
    return firstBatch + indexAt(offset);
  }

  /** The number of the last batch before such an offset that ends a commit; 0 if there is none. */
  long lastCommitBefore(long offset) {
    for (int i = indexAt(offset) - 1; i >= 0; i--) {
      if ((places[i] & COMMIT_MARK) != 0) {
        return firstBatch + i;
      }
    }
    return 0;
  }

  /** Where a batch begins. */
  long placeOf(long batch) {
    return place((int) (batch - firstBatch));
  }

  /** The first batch that begins at an offset or behind it. */
  private int indexAt(long offset) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (place(middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long place(int index) {
    return index == count ? end : places[index] & ~COMMIT_MARK;
  }
}
