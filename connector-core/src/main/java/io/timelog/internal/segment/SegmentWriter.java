package io.timelog.internal.segment;

import io.timelog.TimelogException;
import io.timelog.internal.format.FooterFormat;
import io.timelog.internal.format.FooterFormat.Footer;
import io.timelog.internal.format.FooterFormat.Place;
import io.timelog.internal.format.KeyGroupFormat;
import io.timelog.internal.format.KeyIndexFormat;
import io.timelog.internal.format.PageDirectoryFormat;
import io.timelog.internal.format.PageFormat;
import io.timelog.internal.format.SegmentFormat;
import io.timelog.internal.format.StatisticsFormat;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  // When a row does not fit the page any more there are two cases. If the page holds other keys
  // before the row's key, these are written as a page and the rows of the last key move to the
  // start
  // of the next one. If the row's key is alone, its rows so far are written as a page of their own
  // and the key goes on in a continuation page, which no other key joins. So a key spans pages only
  // if it must, a row moves once at most, and every page of a long key is a plain run of columns.

  /**
   * The rows of a segment whose times are indexed at most, so that a writer never holds more than
   * 64 MiB of timestamps. A segment of more has no time index.
   */
  public static final int MAX_TIME_INDEXED_ROWS = 1 << 23;

  /** Bounds the bits that a key's number in its page takes from an index position. */
  private static final int MAX_KEYS_PER_PAGE = 1 << 12;

  /** Room in the longest page for all that is not the one key and the one payload of a row. */
  private static final int ROW_OVERHEAD_BYTES = 256;

  private static final byte[] NO_BYTES = new byte[0];

  private enum State {
    OPEN,
    FINISHED,
    ABORTED
  }

  private record PageEntry(
      long offset,
      long firstRow,
      int length,
      int checksum,
      PageFormat.Header header,
      int keyFirstPage,
      int firstKeyOffset,
      int firstKeyLength) {}

  private record GroupEntry(int group, int page, int run, int firstKey) {}

  private final SegmentOutput out;
  private final SegmentOptions options;
  private final PageBuilder builder = new PageBuilder();
  private final KeyIndexBuilder index = new KeyIndexBuilder();
  private final @Nullable TimeIndexBuilder times;
  private final List<PageEntry> pages = new ArrayList<>();
  private final List<GroupEntry> groups = new ArrayList<>();
  private Place headerPlace = new Place(0, 0, 0);
  private State state = State.OPEN;

  private int keyGroup;
  private int keyHash;
  private byte[] key = NO_BYTES;
  private int keyLength;
  private boolean keyStarted;
  private long rowsOfKey;
  private long lastTimestamp;

  /** The first page of the key that the builder goes on with, or -1. */
  private int continuedPage = -1;

  private int maxKeysOfPage = 1;
  private byte[] firstKeys = NO_BYTES;
  private int firstKeyBytes;
  private long writtenRows;
  private long rowCount;
  private long tombstoneCount;
  private long minTimestamp = Long.MAX_VALUE;
  private long maxTimestamp = Long.MIN_VALUE;
  private long payloadBytes;
  private long keyBytes;
  private int longestPayload;
  private int longestKey;

  /** Writes to {@code out}, which from now on belongs to this writer. */
  public SegmentWriter(SegmentOutput out, SegmentOptions options) {
    this.out = Objects.requireNonNull(out, "out");
    this.options = Objects.requireNonNull(options, "options");
    this.times =
        options.index() == WindowIndex.KEY_AND_TIME
            ? new TimeIndexBuilder(MAX_TIME_INDEXED_ROWS)
            : null;
  }

  /** The rows so far. */
  public long rowCount() {
    return rowCount;
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
        placeKey(payloadLength, tombstone);
      } else if (builder.lengthWithRow(payloadLength, tombstone) > options.targetPageBytes()) {
        makeRoom(payloadLength, tombstone);
      }
      builder.addRow(timestamp, tombstone, payload, payloadOffset, payloadLength);
      noteTime(timestamp);
    } catch (Throwable e) {
      abort();
      throw e;
    }
    rowsOfKey++;
    lastTimestamp = timestamp;
    rowCount++;
    tombstoneCount += tombstone ? 1 : 0;
    payloadBytes += payloadLength;
    longestPayload = Math.max(longestPayload, payloadLength);
  }

  /**
   * Writes what is left, seals the segment and opens it with one reference.
   *
   * @throws IllegalStateException if the writer is finished or aborted
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; the segment is aborted
   */
  public Segment finish() {
    return finish(() -> {});
  }

  /** As {@link #finish()}; {@code onFree} runs after the last reference is released. */
  public Segment finish(Runnable onFree) {
    requireOpen();
    Objects.requireNonNull(onFree, "onFree");
    SegmentInput input;
    try {
      if (builder.rowCount() > 0) {
        writePage(builder.header());
      }
      writeSections();
      input = out.finish();
    } catch (Throwable e) {
      abort();
      throw e;
    }
    state = State.FINISHED;
    try {
      return Segment.open(input, onFree);
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

  /** Puts the key of the next row into the page, or into a new one. */
  private void placeKey(int payloadLength, boolean tombstone) {
    boolean full =
        continuedPage >= 0
            || builder.keyCount() == MAX_KEYS_PER_PAGE
            || builder.lengthWithKey(keyGroup, keyLength, payloadLength, tombstone)
                > options.targetPageBytes();
    if (full && builder.rowCount() > 0) {
      writePage(builder.header());
      builder.clear();
      continuedPage = -1;
    }
    builder.addKey(keyGroup, keyHash, key, keyLength);
    keyBytes += keyLength;
    longestKey = Math.max(longestKey, keyLength);
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

  /** Makes the page take one more row of its last key, by writing other keys or earlier rows. */
  private void makeRoom(int payloadLength, boolean tombstone) {
    if (builder.keyCount() > 1) {
      writePage(builder.headerWithoutLastKey());
      builder.keepLastKey();
    }
    if (builder.lengthWithRow(payloadLength, tombstone) > options.targetPageBytes()) {
      int page = pages.size();
      writePage(builder.header());
      builder.continueKey();
      continuedPage = continuedPage < 0 ? page : continuedPage;
    }
  }

  private void writePage(PageFormat.Header header) {
    writeHeaderOnce();
    int page = pages.size();
    boolean continued = (header.flags() & PageFormat.CONTINUATION) != 0;
    if (!continued) {
      collectKeys(page, header.keyCount());
    }
    ByteBuffer bytes = builder.encode(header);
    PageEntry entry =
        new PageEntry(
            out.position(),
            writtenRows,
            bytes.remaining(),
            PageFormat.checksum(bytes),
            header,
            continued ? continuedPage : page,
            continued ? pages.get(continuedPage).firstKeyOffset : keepFirstKey(),
            continued ? pages.get(continuedPage).firstKeyLength : builder.firstKeyLength());
    out.write(bytes);
    pages.add(entry);
    writtenRows += header.rowCount();
    minTimestamp = Math.min(minTimestamp, header.minTimestamp());
    maxTimestamp = Math.max(maxTimestamp, header.maxTimestamp());
    if (pages.size() > 1L << (Integer.SIZE - KeyIndexFormat.runBits(maxKeysOfPage))) {
      throw new TimelogException(
          "A segment cannot have so many pages, write smaller partition windows or larger pages:"
              + " pageCount="
              + pages.size()
              + ", maxKeysOfPage="
              + maxKeysOfPage
              + ", targetPageBytes="
              + options.targetPageBytes());
    }
  }

  private void collectKeys(int page, int keyCount) {
    for (int run = 0; run < keyCount; run++) {
      int group = builder.group(run);
      if (groups.isEmpty() || groups.get(groups.size() - 1).group != group) {
        groups.add(new GroupEntry(group, page, run, index.keyCount()));
      }
      index.add(builder.hash(run));
    }
    maxKeysOfPage = Math.max(maxKeysOfPage, keyCount);
  }

  private int keepFirstKey() {
    int length = builder.firstKeyLength();
    int offset = firstKeyBytes;
    int end = Math.addExact(offset, length);
    if (firstKeys.length < end) {
      firstKeys = Arrays.copyOf(firstKeys, (int) Math.min(2L * end, Integer.MAX_VALUE - 8));
    }
    System.arraycopy(builder.firstKey(), 0, firstKeys, offset, length);
    firstKeyBytes = end;
    return offset;
  }

  private void writeHeaderOnce() {
    if (out.position() == 0) {
      headerPlace =
          writeSection(
              SegmentFormat.encode(
                  new SegmentFormat.Header(
                      options.table(),
                      options.fractionDigits(),
                      options.targetPageBytes(),
                      options.windowFirst(),
                      options.windowLast(),
                      options.appliedVersion())));
    }
  }

  private void writeSections() {
    writeHeaderOnce();
    int runBits = KeyIndexFormat.runBits(maxKeysOfPage);
    int[] keysOfPages = keysOfPages();
    Place indexPlace = writeSection(index.encode(keysOfPages, pages.size(), runBits));
    Place groupsPlace = writeSection(encodeGroups());
    Place directoryPlace = writeSection(encodeDirectory());
    Place timesPlace = writeTimeIndex(keysOfPages, runBits);
    Place statisticsPlace =
        writeSection(
            StatisticsFormat.encode(
                new StatisticsFormat.Statistics(
                    rowCount,
                    tombstoneCount,
                    minTimestamp,
                    maxTimestamp,
                    payloadBytes,
                    keyBytes,
                    longestPayload,
                    longestKey)));
    out.write(
        FooterFormat.encode(
            new Footer(
                out.position() + FooterFormat.BYTES,
                headerPlace,
                indexPlace,
                groupsPlace,
                directoryPlace,
                timesPlace,
                statisticsPlace,
                pages.size(),
                index.keyCount(),
                groups.size(),
                runBits,
                KeyIndexFormat.bucketBits(index.keyCount()))));
  }

  private Place writeTimeIndex(int[] keysOfPages, int runBits) {
    ByteBuffer section =
        times == null ? null : times.encode(keysOfPages, runBits, minTimestamp, maxTimestamp);
    return section == null ? new Place(out.position(), 0, 0) : writeSection(section);
  }

  private Place writeSection(ByteBuffer section) {
    Place place = Place.of(out.position(), section);
    out.write(section);
    return place;
  }

  private int[] keysOfPages() {
    int[] counts = new int[pages.size()];
    for (int page = 0; page < counts.length; page++) {
      PageEntry entry = pages.get(page);
      counts[page] = entry.keyFirstPage == page ? entry.header.keyCount() : 0;
    }
    return counts;
  }

  private ByteBuffer encodeGroups() {
    ByteBuffer table = KeyGroupFormat.allocate(groups.size());
    for (int i = 0; i < groups.size(); i++) {
      GroupEntry entry = groups.get(i);
      int end = i + 1 < groups.size() ? groups.get(i + 1).firstKey : index.keyCount();
      KeyGroupFormat.put(table, i, entry.group, entry.page, entry.run, end - entry.firstKey);
    }
    return table;
  }

  private ByteBuffer encodeDirectory() {
    int pageCount = pages.size();
    ByteBuffer directory =
        PageDirectoryFormat.allocate(
            Math.toIntExact(PageDirectoryFormat.length(pageCount, firstKeyBytes)));
    int keyLastPage = pageCount - 1;
    for (int page = pageCount - 1; page >= 0; page--) {
      PageEntry entry = pages.get(page);
      PageDirectoryFormat.putPage(
          directory,
          page,
          entry.offset,
          entry.firstRow,
          entry.length,
          entry.checksum,
          entry.header);
      PageDirectoryFormat.putKeyPages(directory, page, entry.keyFirstPage, keyLastPage);
      PageDirectoryFormat.putFirstKey(directory, page, entry.firstKeyOffset, entry.firstKeyLength);
      if (entry.keyFirstPage == page) {
        keyLastPage = page - 1;
      }
    }
    directory.put(PageDirectoryFormat.heapOffset(pageCount), firstKeys, 0, firstKeyBytes);
    return directory;
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
