package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.format.KeyGroupFormat;
import io.timelog.internal.format.KeyIndexFormat;
import io.timelog.internal.format.PageDirectoryFormat;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The reader of one segment. Opening checks everything but the pages; a page is checked when it is
 * first used. What does not pass is a {@link TimelogCorruptionException} and never data.
 *
 * <p>A segment is counted: it starts with one reference, {@link #tryRetain} adds one, and the
 * {@link #release} of the last deletes it from its storage. Cursors, pages and their buffers may be
 * used only while a reference is held, but for {@link Page#timestamps()}, which stay readable for
 * ever. Any number of threads may read; each cursor belongs to one thread.
 */
public final class Segment implements RowSource {

  // A key is found in the resident index by its hash, and only its own bytes in the page decide
  // whether it is the key.
  //
  // Pages are loaded without a lock. Two threads may both load a page and one of the two objects is
  // lost, which does no harm: a page has only final fields, and both show the same memory.

  /** Buckets of the index with more entries than this are searched, not walked. */
  private static final int LONG_BUCKET = 16;

  private static final long NO_POSITION = -1;

  private final SegmentInput input;
  private final Runnable onFree;
  private final CheckedSections sections;
  private final ByteBuffer index;
  private final ByteBuffer directory;
  private final long minTimestamp;
  private final long maxTimestamp;
  private final int keyCount;
  private final int bucketBits;
  private final int runBits;
  private final @Nullable SegmentTimeIndex times;
  private final @Nullable Page[] pages;
  private final AtomicInteger references = new AtomicInteger(1);

  private Segment(SegmentInput input, CheckedSections sections, Runnable onFree) {
    this.input = input;
    this.onFree = onFree;
    this.sections = sections;
    index = sections.keyIndex();
    directory = sections.directory();
    minTimestamp = sections.statistics().minTimestamp();
    maxTimestamp = sections.statistics().maxTimestamp();
    keyCount = sections.footer().keyCount();
    bucketBits = sections.footer().bucketBits();
    runBits = sections.footer().runBits();
    times = sections.timeIndex().limit() == 0 ? null : new SegmentTimeIndex(sections, input.name());
    pages = new Page[sections.footer().pageCount()];
  }

  /** As {@link #open(SegmentInput, Runnable)}, with nothing to do in the end. */
  public static Segment open(SegmentInput input) {
    return open(input, () -> {});
  }

  /**
   * Opens a segment with one reference. The input belongs to the segment if this succeeds, and to
   * the caller if it does not.
   *
   * @param onFree runs once, on the thread that releases the last reference, after the segment was
   *     deleted
   * @throws TimelogCorruptionException if the segment is not as it was written
   * @throws io.timelog.TimelogException if it has a format version that is not known
   */
  public static Segment open(SegmentInput input, Runnable onFree) {
    Objects.requireNonNull(onFree, "onFree");
    return new Segment(input, CheckedSections.read(input), onFree);
  }

  /** The name of the segment in its storage. */
  public String name() {
    return input.name();
  }

  /** The name of the table whose rows these are. */
  public String table() {
    return sections.header().table();
  }

  /** The first timestamp of the partition window. */
  public long windowFirst() {
    return sections.header().windowFirst();
  }

  /** The last timestamp of the partition window, included. */
  public long windowLast() {
    return sections.header().windowLast();
  }

  /** Deletes up to this version have been applied to the rows. */
  public long appliedVersion() {
    return sections.header().appliedVersion();
  }

  /** The number of rows, tombstones included. */
  public long rowCount() {
    return sections.statistics().rowCount();
  }

  /** The number of rows that are tombstones. */
  public long tombstoneCount() {
    return sections.statistics().tombstoneCount();
  }

  /** Whether any row is a tombstone. */
  public boolean hasTombstones() {
    return tombstoneCount() > 0;
  }

  /** Whether a scan of all keys over a short range looks only at keys that have rows in it. */
  public boolean findsByTime() {
    return times != null;
  }

  /** The number of keys. */
  public long keyCount() {
    return keyCount;
  }

  /** The smallest timestamp, or {@link Long#MAX_VALUE} if there are no rows. */
  public long minTimestamp() {
    return minTimestamp;
  }

  /** The largest timestamp, or {@link Long#MIN_VALUE} if there are no rows. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /** The length of the segment in bytes, which is the memory it holds. */
  public long sizeBytes() {
    return input.length();
  }

  /** The number of pages. */
  public int pageCount() {
    return pages.length;
  }

  /**
   * A page, in key order and for one key in time order. Loads and checks it if it is used for the
   * first time.
   *
   * @throws IndexOutOfBoundsException if there is no page of this number
   * @throws TimelogCorruptionException if the page is not as it was written
   */
  public Page page(int number) {
    Page page = pages[number];
    return page != null ? page : load(number);
  }

  /** The smallest timestamp of a page, without loading it. */
  public long minTimestamp(int page) {
    return PageDirectoryFormat.minTimestamp(directory, Objects.checkIndex(page, pages.length));
  }

  /** The largest timestamp of a page, without loading it. */
  public long maxTimestamp(int page) {
    return PageDirectoryFormat.maxTimestamp(directory, Objects.checkIndex(page, pages.length));
  }

  /** The page that starts with the key of this page if its only key spans pages, else itself. */
  public int firstPageOfKey(int page) {
    return PageDirectoryFormat.keyFirstPage(directory, Objects.checkIndex(page, pages.length));
  }

  /** The page that ends with the key of this page if its only key spans pages, else itself. */
  public int lastPageOfKey(int page) {
    return PageDirectoryFormat.keyLastPage(directory, Objects.checkIndex(page, pages.length));
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the first with a timestamp of
   * {@code timestamp} or larger; {@code toPage + 1} if there is none. Loads no page.
   */
  public int firstPageReaching(int fromPage, int toPage, long timestamp) {
    int low = fromPage;
    int high = toPage + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (PageDirectoryFormat.maxTimestamp(directory, middle) < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the last with a timestamp of {@code
   * timestamp} or smaller; {@code fromPage - 1} if there is none. Loads no page.
   */
  public int lastPageReaching(int fromPage, int toPage, long timestamp) {
    int low = fromPage;
    int high = toPage + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (PageDirectoryFormat.minTimestamp(directory, middle) <= timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Whether the segment has rows of the key. */
  public boolean contains(Key key) {
    return locate(key) != NO_POSITION;
  }

  /** The pages in which the key has rows; null if it has none. */
  public @Nullable KeyPages pagesOf(Key key) {
    long position = locate(key);
    if (position == NO_POSITION) {
      return null;
    }
    int page = pageOf(position);
    return new KeyPages(page, lastPageOfKey(page), runOf(position));
  }

  /**
   * The number of rows of the key with {@code first <= timestamp <= last}, tombstones included.
   * Reads at most two pages, however many the rows are.
   */
  public long countRows(Key key, long first, long last) {
    long position = first > last ? NO_POSITION : locate(key);
    if (position == NO_POSITION) {
      return 0;
    }
    int pageNumber = pageOf(position);
    int lastPage = PageDirectoryFormat.keyLastPage(directory, pageNumber);
    if (lastPage == pageNumber) {
      Page page = page(pageNumber);
      int from = page.firstRow(runOf(position));
      int to = page.endRow(runOf(position));
      int count = page.upperBound(from, to, last) - page.lowerBound(from, to, first);
      return count;
    }
    int low = firstPageReaching(pageNumber, lastPage, first);
    int high = lastPageReaching(pageNumber, lastPage, last);
    if (low > high) {
      return 0;
    }
    Page lowPage = page(low);
    Page highPage = page(high);
    return sections.firstRow(high)
        + highPage.upperBound(0, highPage.rowCount(), last)
        - sections.firstRow(low)
        - lowPage.lowerBound(0, lowPage.rowCount(), first);
  }

  /** {@inheritDoc} Null, too, if no row of the segment is in the range. */
  @Override
  public @Nullable RowCursor find(
      Key key, long version, long first, long last, Direction direction) {
    long position = overlaps(first, last) ? locate(key) : NO_POSITION;
    if (position == NO_POSITION) {
      return null;
    }
    if (direction == Direction.FORWARD) {
      ForwardRows rows = new ForwardRows(this);
      rows.start(pageOf(position), runOf(position), first, last);
      return rows;
    }
    BackwardRows rows = new BackwardRows(this);
    rows.start(pageOf(position), runOf(position), first, last);
    return rows;
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long first, long last, Direction direction) {
    if (!overlaps(first, last)) {
      return new ForwardKeys(this, 0, 0, 0, 0);
    }
    int from = firstGroupEntry(firstGroup);
    int to = endGroupEntry(lastGroup);
    long @Nullable [] found = findByTime(from, to, first, last);
    if (found != null) {
      return new FoundKeys(this, found, runBits, direction);
    }
    return direction == Direction.FORWARD
        ? new ForwardKeys(this, groupPage(from), groupRun(from), groupPage(to), groupRun(to))
        : new BackwardKeys(this, groupPage(from), groupRun(from), groupPage(to), groupRun(to));
  }

  /**
   * {@inheritDoc} O(1) if the range covers the whole segment to the side that is asked for; else
   * looks at the directory and at the pages that the range cuts.
   */
  @Override
  public OptionalLong firstTimestamp(long version, long first, long last, Direction direction) {
    return overlaps(first, last)
        ? PageBounds.first(this, first, last, direction)
        : OptionalLong.empty();
  }

  /** Adds a reference; false if the segment is already freed. */
  public boolean tryRetain() {
    int count;
    do {
      count = references.get();
      if (count == 0) {
        return false;
      }
    } while (!references.compareAndSet(count, count + 1));
    return true;
  }

  /**
   * Gives a reference back. The last one deletes the segment from its storage and frees its memory.
   *
   * @throws IllegalStateException if the segment is already freed
   */
  public void release() {
    int count;
    do {
      count = references.get();
      if (count == 0) {
        throw new IllegalStateException(
            "The segment was released more often than retained: name=" + name());
      }
    } while (!references.compareAndSet(count, count - 1));
    if (count == 1) {
      input.delete();
      input.close();
      onFree.run();
    }
  }

  @Override
  public String toString() {
    return "Segment[name="
        + name()
        + ", table="
        + table()
        + ", window="
        + windowFirst()
        + ".."
        + windowLast()
        + ", rows="
        + rowCount()
        + ", keys="
        + keyCount
        + ", pages="
        + pages.length
        + ", bytes="
        + sizeBytes()
        + "]";
  }

  private Page load(int number) {
    Page page = sections.readPage(input, number);
    pages[number] = page;
    return page;
  }

  private boolean overlaps(long first, long last) {
    return first <= last && first <= maxTimestamp && last >= minTimestamp;
  }

  /** The position of the key, or {@link #NO_POSITION}. */
  private long locate(Key key) {
    if (keyCount == 0) {
      return NO_POSITION;
    }
    int hash = key.hash();
    int bucket = KeyIndexFormat.bucket(hash, bucketBits);
    int entry = KeyIndexFormat.bucketStart(index, keyCount, bucket);
    int end = KeyIndexFormat.bucketStart(index, keyCount, bucket + 1);
    if (end - entry > LONG_BUCKET) {
      entry = firstEntryReaching(entry, end, hash);
    }
    for (; entry < end; entry++) {
      int candidate = KeyIndexFormat.hash(index, entry);
      if (candidate == hash) {
        long position = KeyIndexFormat.position(index, entry) & 0xFFFFFFFFL;
        if (page(pageOf(position)).hasKey(runOf(position), key)) {
          return position;
        }
      } else if (Integer.compareUnsigned(candidate, hash) > 0) {
        return NO_POSITION;
      }
    }
    return NO_POSITION;
  }

  private int firstEntryReaching(int from, int to, int hash) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(KeyIndexFormat.hash(index, middle), hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int pageOf(long position) {
    return (int) (position >>> runBits);
  }

  private int runOf(long position) {
    return (int) position & ((1 << runBits) - 1);
  }

  private int groupCount() {
    return sections.footer().groupCount();
  }

  /** The first entry of the group table whose group is {@code group} or larger. */
  private int firstGroupEntry(int group) {
    int low = 0;
    int high = groupCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (KeyGroupFormat.group(sections.keyGroups(), middle) < group) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The entry of the group table after {@code lastGroup}. */
  private int endGroupEntry(int lastGroup) {
    return lastGroup == Integer.MAX_VALUE ? groupCount() : firstGroupEntry(lastGroup + 1);
  }

  /**
   * The positions of the keys of some groups that have rows in the range; null if all keys of the
   * groups have to be looked at, as there is no index of time, or it finds no fewer.
   */
  private long @Nullable [] findByTime(int fromEntry, int toEntry, long first, long last) {
    SegmentTimeIndex indexed = times;
    if (indexed == null || (first <= minTimestamp && last >= maxTimestamp)) {
      return null;
    }
    return indexed.positions(
        first, last, groupPosition(fromEntry), groupPosition(toEntry), keysOf(fromEntry, toEntry));
  }

  private int keysOf(int fromEntry, int toEntry) {
    if (toEntry - fromEntry == groupCount()) {
      return keyCount;
    }
    int keys = 0;
    for (int entry = fromEntry; entry < toEntry; entry++) {
      keys += KeyGroupFormat.keyCount(sections.keyGroups(), entry);
    }
    return keys;
  }

  private long groupPosition(int entry) {
    return (long) groupPage(entry) << runBits | groupRun(entry);
  }

  private int groupPage(int entry) {
    return entry == groupCount() ? pages.length : KeyGroupFormat.page(sections.keyGroups(), entry);
  }

  private int groupRun(int entry) {
    return entry == groupCount() ? 0 : KeyGroupFormat.run(sections.keyGroups(), entry);
  }
}
