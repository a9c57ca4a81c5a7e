package io.timelog.internal.segment;

import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentOutput;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one segment: {@link #startKey} for each key in key order, {@link #row} for each of its
 * rows in time order, {@link #finish} at the end.
 *
 * <p>A call that fails for want of memory or of storage aborts the segment and leaves nothing of it
 * behind; a call that is refused with {@link IllegalArgumentException} changes nothing. Not
 * thread-safe. A row costs no allocation; the writer holds one page, about 12 bytes a key and 64
 * bytes a page until it is finished. With an index of time it also holds 8 bytes a row and 4 bytes
 * a key, and the index when it finishes; no more than {@value #MAX_TIME_INDEXED_ROWS} rows.
 */
public final class SegmentWriter {

  /**
   * The most rows that a time index covers, so that a writer never holds more than 64 MiB of
   * timestamps. A segment with more rows has no time index.
   */
  public static final int MAX_TIME_INDEXED_ROWS = 1 << 23;

  /** Room in the longest page for everything but the key and the payload of its only row. */
  private static final int ROW_OVERHEAD_BYTES = 256;

  private static final byte[] NO_BYTES = new byte[0];

  private enum State {
    OPEN,
    FINISHED,
    ABORTED
  }

  private final SegmentOutput out;
  private final SegmentOptions options;
  private final WrittenPages pages;
  private final PageCutter cutter;
  private final StatisticsBuilder statistics = new StatisticsBuilder();
  private final @Nullable TimeIndexBuilder times;
  private State state = State.OPEN;

  private int keyGroup;
  private int keyHash;
  private byte[] key = NO_BYTES;
  private int keyLength;
  private boolean keyStarted;
  private long rowsOfKey;
  private long lastTimestamp;

  /** Writes to {@code out}, which from now on belongs to this writer. */
  public SegmentWriter(SegmentOutput out, SegmentOptions options) {
    this.out = Objects.requireNonNull(out, "out");
    this.options = Objects.requireNonNull(options, "options");
    this.pages = new WrittenPages(out, options);
    this.cutter = new PageCutter(pages, options.targetPageBytes());
    this.times =
        options.index() == WindowIndex.KEY_AND_TIME
            ? new TimeIndexBuilder(MAX_TIME_INDEXED_ROWS)
            : null;
  }

  /** The rows so far. */
  public long rowCount() {
    return statistics.rowCount();
  }

  /** The bytes so far that are in finished pages. */
  public long writtenBytes() {
    return out.position();
  }

  /**
   * Starts the next key, which is copied. A key that gets no row is left out.
   *
   * @param group key group, zero or more
   * @param hash {@link io.timelog.internal.key.KeyHash} of the key
   * @throws IllegalArgumentException if {@code (group, key)} is not after the key before, or the
   *     group is negative; nothing changed
   * @throws IllegalStateException if the writer is finished or aborted
   */
  public void startKey(int group, int hash, ByteBuffer keyBuffer, int offset, int length) {
    requireOpen();
    requireAfterLastKey(group, keyBuffer, offset, length);
    if (key.length < length) {
      key = new byte[Math.max(length, 32)];
    }
    keyBuffer.get(offset, key, 0, length);
    keyGroup = group;
    keyHash = hash;
    keyLength = length;
    keyStarted = true;
    rowsOfKey = 0;
  }

  /**
   * Adds a row to the key started last. The payload is copied.
   *
   * @throws IllegalArgumentException if the timestamp is smaller than that of the row before, or
   *     key and payload are too long for a page; nothing changed
   * @throws IllegalStateException if no key is started, or the writer is finished or aborted
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; the segment is aborted
   */
  public void row(
      long timestamp, boolean tombstone, ByteBuffer payload, int payloadOffset, int payloadLength) {
    requireOpen();
    if (rowsOfKey > 0 && timestamp < lastTimestamp) {
      throw new IllegalArgumentException(
          "Rows of a key must come in time order: timestamp="
              + timestamp
              + ", last="
              + lastTimestamp);
    }
    requireFitsPage(payloadOffset, payloadLength, payload);
    assert options.windowFirst() <= timestamp && timestamp <= options.windowLast()
        : "timestamp=" + timestamp + ", " + options;
    try {
      if (rowsOfKey == 0) {
        cutter.addKey(keyGroup, keyHash, key, keyLength, payloadLength, tombstone);
        statistics.addKey(keyLength);
      }
      cutter.addRow(timestamp, tombstone, payload, payloadOffset, payloadLength);
      noteTime(timestamp);
    } catch (Throwable e) {
      abort();
      throw e;
    }
    rowsOfKey++;
    lastTimestamp = timestamp;
    statistics.addRow(timestamp, tombstone, payloadLength);
  }

  /**
   * Writes what is left, seals the segment and opens it.
   *
   * @throws IllegalStateException if the writer is finished or aborted
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; the segment is aborted
   */
  public Segment finish() {
    requireOpen();
    SegmentInput input;
    try {
      cutter.finish();
      writeIndexesAndSections();
      input = out.finish();
    } catch (Throwable e) {
      abort();
      throw e;
    }
    state = State.FINISHED;
    return open(input);
  }

  /** Opens a segment that was just written; if that fails, nothing is left of it. */
  static Segment open(SegmentInput input) {
    try {
      return Segment.open(input);
    } catch (Throwable e) {
      input.delete();
      input.close();
      throw e;
    }
  }

  /** Drops the segment. Does nothing if the writer is finished or aborted. */
  public void abort() {
    if (state == State.OPEN) {
      state = State.ABORTED;
      out.abort();
    }
  }

  private void noteTime(long timestamp) {
    TimeIndexBuilder indexed = times;
    if (indexed != null) {
      if (rowsOfKey == 0) {
        indexed.startKey();
      }
      indexed.add(timestamp);
    }
  }

  private void writeIndexesAndSections() {
    Place header = pages.headerPlace();
    int ordinalBits = pages.ordinalBits();
    KeyIndexBuilder.Encoded keyIndex = pages.encodeKeyIndex();
    TimeIndexBuilder.Encoded timeIndex = encodeTimeIndex(pages.keysOfPages(), ordinalBits);
    long keyIndexOffset = out.position();
    out.write(keyIndex.blocks());
    long timeIndexOffset = out.position();
    out.write(timeIndex.blocks());
    Place keyIndexDirectory = writeSection(keyIndex.directory());
    Place timeIndexDirectory = writeSection(timeIndex.directory());
    Place keyGroups = writeSection(pages.encodeKeyGroups());
    Place pageDirectory = writeSection(pages.encodeDirectory());
    Place keyFilter = writeSection(pages.encodeKeyFilter());
    Place counts = writeSection(statistics.encode());
    out.write(
        FooterFormat.encode(
            new Footer(
                out.position() + FooterFormat.BYTES,
                header,
                keyIndexOffset,
                timeIndexOffset,
                keyIndexDirectory,
                timeIndexDirectory,
                keyGroups,
                pageDirectory,
                keyFilter,
                counts,
                pages.count(),
                pages.keyCount(),
                pages.groupCount(),
                ordinalBits,
                KeyIndexFormat.bucketBits(pages.keyCount()))));
  }

  private TimeIndexBuilder.Encoded encodeTimeIndex(int[] keysOfPages, int ordinalBits) {
    return times == null
        ? TimeIndexBuilder.none()
        : times.encode(
            keysOfPages, ordinalBits, statistics.minTimestamp(), statistics.maxTimestamp());
  }

  private Place writeSection(ByteBuffer section) {
    Place place = Place.of(out.position(), section);
    out.write(section);
    return place;
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException(
          state == State.FINISHED
              ? "The segment writer is finished"
              : "The segment writer is aborted");
    }
  }

  private void requireAfterLastKey(int group, ByteBuffer keyBuffer, int offset, int length) {
    if (group < 0) {
      throw new IllegalArgumentException("A key group must not be negative: group=" + group);
    }
    boolean after =
        !keyStarted
            || group > keyGroup
            || (group == keyGroup
                && KeyOrder.compare(keyBuffer, offset, length, key, 0, keyLength) > 0);
    if (!after) {
      throw new IllegalArgumentException(
          "Keys must come in key order, each once: group="
              + group
              + ", keyLength="
              + length
              + ", lastGroup="
              + keyGroup
              + ", lastKeyLength="
              + keyLength);
    }
  }

  private void requireFitsPage(int payloadOffset, int payloadLength, ByteBuffer payload) {
    Objects.checkFromIndexSize(payloadOffset, payloadLength, payload.limit());
    if (!keyStarted) {
      throw new IllegalStateException("A row needs a key: call startKey first");
    }
    if ((long) payloadLength + keyLength > PageFormat.MAX_PAGE_BYTES - ROW_OVERHEAD_BYTES) {
      throw new IllegalArgumentException(
          "Key and payload are too long for a page: keyLength="
              + keyLength
              + ", payloadLength="
              + payloadLength
              + ", maxPageBytes="
              + PageFormat.MAX_PAGE_BYTES);
    }
  }
}
