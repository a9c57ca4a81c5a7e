package io.timelog.internal.compaction;

import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentOptions;
import io.timelog.internal.segment.SegmentWriter;
import io.timelog.internal.storage.SegmentStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one sorted run of rows into segments that are no larger than a bound, unless one row alone
 * is: {@link #startKey} for each key in key order, {@link #row} for each of its rows, {@link
 * #finish} or {@link #abort} at the end. Not thread-safe.
 */
final class RunWriter {
  /*
   * The size of a segment is known only when it is finished, so what is added to it is estimated from above.
   * A run that is somewhat larger than the bound therefore gets one segment more than it might.
   */

  /** Header, footer and the heads of the sections. */
  private static final int SEGMENT_BYTES = 512;

  /** A page's header, and what directory and key groups say of it. */
  private static final int PAGE_BYTES = 160;

  /** What page and key index say of a key beside its bytes. */
  private static final int KEY_BYTES = 32;

  /** What a page says of a row beside its payload. */
  private static final int ROW_BYTES = 13;

  /** What the index by time says of a row. */
  private static final int INDEXED_ROW_BYTES = 9;

  private final SegmentStorage storage;
  private final SegmentOptions options;
  private final Supplier<String> names;
  private final long maxBytes;
  private final int rowBytes;
  private final List<Segment> finished = new ArrayList<>();
  private @Nullable SegmentWriter writer;

  /** About what the present segment takes, from above. */
  private long bytes;

  private int group;
  private int hash;
  private byte[] keyBytes = new byte[64];
  private ByteBuffer key = buffer(keyBytes);
  private int keyLength;

  /** Whether the key is still to be told to the present segment. */
  private boolean keyIsNew;

  /**
   * Writes to a storage.
   *
   * @param names gives a name that no segment of the storage had before
   * @param maxBytes the bound of a segment
   */
  RunWriter(SegmentStorage storage, SegmentOptions options, Supplier<String> names, long maxBytes) {
    this.storage = storage;
    this.options = options;
    this.names = names;
    this.maxBytes = maxBytes;
    this.rowBytes = ROW_BYTES + (options.index() == WindowIndex.KEY ? 0 : INDEXED_ROW_BYTES);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Starts the next key, which is copied. A key that gets no row is left out. */
  void startKey(int keyGroup, int keyHash, ByteBuffer buffer, int offset, int length) {
    if (keyBytes.length < length) {
      keyBytes = new byte[2 * length];
      key = buffer(keyBytes);
    }
    buffer.get(offset, keyBytes, 0, length);
    group = keyGroup;
    hash = keyHash;
    keyLength = length;
    keyIsNew = true;
  }

  /**
   * Adds a row to the key started last.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; {@link #abort} is all
   *     that may follow
   */
  void row(RowCursor row) {
    long more = bytesOf(row.payloadLength());
    if (writer != null && bytes + more > maxBytes) {
      finishSegment();
      more = bytesOf(row.payloadLength());
    }
    SegmentWriter to = writer;
    if (to == null) {
      to = new SegmentWriter(storage.create(names.get()), options);
      writer = to;
    }
    if (keyIsNew) {
      to.startKey(group, hash, key, 0, keyLength);
      keyIsNew = false;
    }
    to.row(
        row.timestamp(),
        row.isTombstone(),
        row.payload(),
        row.payloadOffset(),
        row.payloadLength());
    bytes += more;
  }

  private long bytesOf(int payloadLength) {
    long more = (long) rowBytes + payloadLength;
    if (keyIsNew) {
      more += (long) KEY_BYTES + keyLength;
    }
    if (writer == null) {
      more += SEGMENT_BYTES + PAGE_BYTES;
    }
    return more + more * PAGE_BYTES / options.targetPageBytes();
  }

  private void finishSegment() {
    SegmentWriter full = Objects.requireNonNull(writer);
    writer = null;
    finished.add(full.finish());
    bytes = 0;
    keyIsNew = true;
  }

  /**
   * Finishes the last segment.
   *
   * @return the segments in order; none if there was no row
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; {@link #abort} is all
   *     that may follow
   */
  List<Segment> finish() {
    if (writer != null) {
      finishSegment();
    }
    return List.copyOf(finished);
  }

  /** Drops what was written. */
  void abort() {
    if (writer != null) {
      writer.abort();
    }
    for (Segment segment : finished) {
      segment.delete();
      segment.close();
    }
    finished.clear();
  }
}
