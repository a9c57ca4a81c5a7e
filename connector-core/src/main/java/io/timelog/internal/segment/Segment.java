package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The reader of one segment. Opening reads and checks everything but pages and the blocks of
 * indexes; these are when they are first used. What does not pass is a {@link
 * TimelogCorruptionException} and never data.
 *
 * <p>A segment is a handle on bytes in a storage: {@link #close} ends the handle, {@link #delete}
 * the bytes. Cursors, pages and their buffers may be used only until it is closed, except {@link
 * Page#timestamps()}, which stay readable forever. Any number of threads may read; each cursor
 * belongs to one thread.
 */
public final class Segment implements RowSource, AutoCloseable {

  private final SegmentInput input;
  private final SegmentSections sections;
  private final SegmentPages pages;
  private final KeyIndex keyIndex;
  private final SegmentKeyGroups groups;
  private final @Nullable SegmentTimeIndex times;
  private final long minTimestamp;
  private final long maxTimestamp;
  private final int ordinalBits;

  private Segment(SegmentInput input, SegmentSections sections) {
    this.input = input;
    this.sections = sections;
    pages = new SegmentPages(input, sections);
    keyIndex = new KeyIndex(pages, sections.keyIndexBlocks(input, pages), sections);
    groups = new SegmentKeyGroups(sections);
    IndexBlocks timeIndex = sections.timeIndexBlocks(input);
    times = timeIndex.count() == 0 ? null : new SegmentTimeIndex(pages, timeIndex, sections);
    minTimestamp = sections.statistics().minTimestamp();
    maxTimestamp = sections.statistics().maxTimestamp();
    ordinalBits = sections.footer().ordinalBits();
  }

  private Segment(Segment shared, ReadScope scope) {
    input = shared.input;
    sections = shared.sections;
    pages = shared.pages.within(scope);
    keyIndex = shared.keyIndex;
    groups = shared.groups;
    times = shared.times;
    minTimestamp = shared.minTimestamp;
    maxTimestamp = shared.maxTimestamp;
    ordinalBits = shared.ordinalBits;
  }

  /**
   * {@inheritDoc} The segment itself if its pages stay in memory; else what is returned shares the
   * handle, and need not be closed.
   */
  @Override
  public Segment within(ReadScope scope) {
    return isResident() ? this : new Segment(this, scope);
  }

  /**
   * Whether pages and indexes stay in memory while the segment is open, so that cursors need no
   * {@linkplain #within scope}.
   */
  public boolean isResident() {
    return pages.areResident();
  }

  /**
   * Opens a segment. The input belongs to the segment if this succeeds, and to the caller if it
   * does not.
   *
   * @throws TimelogCorruptionException if the segment is not as it was written
   * @throws io.timelog.TimelogException if it has a format version that is not known
   */
  public static Segment open(SegmentInput input) {
    return new Segment(input, SegmentSections.read(input));
  }

  /**
   * As {@link #open(SegmentInput)}, of a segment that another store wrote.
   *
   * @param checksum the {@linkplain #checksum() checksum} that it must have
   * @throws TimelogCorruptionException also if it has another one
   */
  public static Segment open(SegmentInput input, int checksum) {
    Segment segment = open(input);
    if (segment.checksum() != checksum) {
      throw new TimelogCorruptionException(
          "File is a segment, but not the one that was exported: expected="
              + Checksum.hex(checksum)
              + ", actual="
              + Checksum.hex(segment.checksum()),
          input.name(),
          input.length() - SegmentEnvelope.END_BYTES);
    }
    return segment;
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

  /** The number of rows that are entries: all but tombstones. */
  public long entryCount() {
    return rowCount() - tombstoneCount();
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
    return sections.footer().keyCount();
  }

  /**
   * The smallest timestamp, exact, of an entry or a tombstone; {@link Long#MAX_VALUE} if there are
   * no rows.
   */
  public long minTimestamp() {
    return minTimestamp;
  }

  /**
   * The largest timestamp, exact, of an entry or a tombstone; {@link Long#MIN_VALUE} if there are
   * no rows.
   */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /** The length of the segment in bytes. In memory it holds a little more. */
  public long sizeBytes() {
    return input.length();
  }

  /** The smallest key group of the keys, of which there is at least one. */
  public int firstGroup() {
    return groups.first();
  }

  /** The largest key group of the keys, of which there is at least one. */
  public int lastGroup() {
    return groups.last();
  }

  /**
   * The checksum of the footer. It covers the checksums of all other parts, so segments of equal
   * length and checksum have equal bytes.
   */
  public int checksum() {
    return SegmentEnvelope.checksum(
        input.read(input.length() - SegmentEnvelope.END_BYTES, SegmentEnvelope.END_BYTES));
  }

  /**
   * Copies the bytes of the segment from {@code offset} on into what {@code target} has room for.
   *
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public void copyTo(long offset, ByteBuffer target) {
    input.copyTo(offset, target);
  }

  /** Where the first page begins, and where each of the pages ends, in bytes of the segment. */
  public long[] pageEnds() {
    return pages.ends();
  }

  /** The number of pages. */
  public int pageCount() {
    return pages.count();
  }

  /**
   * A page, in key order and for one key in time order, readable until the segment is closed: the
   * one in memory if it stays there, else a copy on the heap.
   *
   * @throws IndexOutOfBoundsException if there is no page of this number
   * @throws TimelogCorruptionException if the page is not as it was written
   */
  public Page page(int number) {
    return pages.pageToKeep(number);
  }

  /** The smallest timestamp of a page, without loading it. */
  public long minTimestamp(int page) {
    return pages.minTimestamp(page);
  }

  /** The largest timestamp of a page, without loading it. */
  public long maxTimestamp(int page) {
    return pages.maxTimestamp(page);
  }

  /** The page that starts with the key of this page if its only key spans pages, else itself. */
  public int firstPageOfKey(int page) {
    return pages.firstPageOfKey(page);
  }

  /** The page that ends with the key of this page if its only key spans pages, else itself. */
  public int lastPageOfKey(int page) {
    return pages.lastPageOfKey(page);
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the first with a timestamp of
   * {@code timestamp} or larger; {@code toPage + 1} if there is none. Loads no page.
   */
  public int firstPageReaching(int fromPage, int toPage, long timestamp) {
    return pages.firstPageReaching(fromPage, toPage, timestamp);
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the last with a timestamp of {@code
   * timestamp} or smaller; {@code fromPage - 1} if there is none. Loads no page.
   */
  public int lastPageReaching(int fromPage, int toPage, long timestamp) {
    return pages.lastPageReaching(fromPage, toPage, timestamp);
  }

  /** Whether the segment has rows of the key. */
  public boolean contains(Key key) {
    return keyIndex.find(key) != KeyIndex.ABSENT;
  }

  /** The pages in which the key has rows; null if it has none. */
  public @Nullable KeyPages pagesOf(Key key) {
    long position = keyIndex.find(key);
    if (position == KeyIndex.ABSENT) {
      return null;
    }
    int page = pageOf(position);
    return new KeyPages(page, pages.lastPageOfKey(page), ordinalOf(position));
  }

  /** The first key, readable until the segment is closed. Reads a page. */
  FirstKey firstKey() {
    Hold hold = pages.newHold();
    try {
      FirstKey first = FirstKey.of(pages.page(0, hold));
      return isResident() ? first : first.copy();
    } finally {
      hold.letGo();
    }
  }

  /**
   * The number of rows of the key with {@code first <= timestamp <= last}, tombstones included.
   * Reads at most two pages of the range, however many its rows are.
   */
  public long countRows(Key key, long first, long last) {
    KeyPages found = overlaps(first, last) ? pagesOf(key) : null;
    if (found == null) {
      return 0;
    }
    int low = pages.firstPageReaching(found.first(), found.last(), first);
    int high = pages.lastPageReaching(found.first(), found.last(), last);
    return low > high ? 0 : rowsUpTo(found, high, last) - rowsBefore(found, low, first);
  }

  /** Rows in the segment up to the last one of the key in this page at {@code last} or earlier. */
  private long rowsUpTo(KeyPages key, int number, long last) {
    Hold hold = pages.newHold();
    try {
      Page page = pages.page(number, hold);
      int ordinal = key.ordinalIn(number);
      return pages.firstRow(number)
          + page.upperBound(page.firstRow(ordinal), page.endRow(ordinal), last);
    } finally {
      hold.letGo();
    }
  }

  /** Rows in the segment before the first one of the key in this page at {@code first} or later. */
  private long rowsBefore(KeyPages key, int number, long first) {
    Hold hold = pages.newHold();
    try {
      Page page = pages.page(number, hold);
      int ordinal = key.ordinalIn(number);
      return pages.firstRow(number)
          + page.lowerBound(page.firstRow(ordinal), page.endRow(ordinal), first);
    } finally {
      hold.letGo();
    }
  }

  /**
   * Whether the key has a row with {@code first <= timestamp <= last}, entry or tombstone. Decided
   * by the bounds of the segment and of its pages as far as they can; allocates nothing.
   */
  @Override
  public boolean hasRows(Key key, long version, long first, long last) {
    long position = overlaps(first, last) ? keyIndex.find(key) : KeyIndex.ABSENT;
    if (position == KeyIndex.ABSENT) {
      return false;
    }
    int keyPage = pageOf(position);
    int lastPage = pages.lastPageOfKey(keyPage);
    int low = pages.firstPageReaching(keyPage, lastPage, first);
    int high = pages.lastPageReaching(keyPage, lastPage, last);
    if (low != high) {
      // Between two pages that both touch the range lies a row that is in it.
      return low < high;
    }
    Hold hold = pages.newHold();
    try {
      Page page = pages.page(low, hold);
      int ordinal = low == keyPage ? ordinalOf(position) : 0;
      int end = page.endRow(ordinal);
      int row = page.lowerBound(page.firstRow(ordinal), end, first);
      return row < end && page.timestamp(row) <= last;
    } finally {
      hold.letGo();
    }
  }

  /**
   * The row of a map, an entry or the tombstone of one, at a timestamp and subkey: a cursor that
   * stands on it, or null if there is none. Range tombstones are passed over. Costs the logarithm
   * of the key's rows, and as many pages as the logarithm of those that begin at the timestamp.
   */
  @Override
  public @Nullable RowCursor findEntry(Key key, long version, long timestamp, Span subkey) {
    RowCursor row = findFrom(key, timestamp, subkey, timestamp);
    if (row == null || !row.advance()) {
      return null;
    }
    int entry = row.payloadOffset() + (row.isTombstone() ? 1 : 0);
    return RowFormat.compareSubkey(row.payload(), entry, subkey) == 0 ? row : null;
  }

  /**
   * The rows of a map from the place of an entry on: those at {@code first} whose subkey is not
   * before {@code subkey}, without range tombstones, and all later ones up to {@code last},
   * included, in order; null if there is no such key. Costs as {@link #findEntry}.
   */
  public @Nullable RowCursor findFrom(Key key, long first, Span subkey, long last) {
    long position = overlaps(first, last) ? keyIndex.find(key) : KeyIndex.ABSENT;
    if (position == KeyIndex.ABSENT) {
      return null;
    }
    ForwardRows rows = new ForwardRows(pages);
    rows.start(pageOf(position), ordinalOf(position), first, subkey, last);
    return rows;
  }

  /** {@inheritDoc} Begins at the place, or at the entry before it. Costs as {@link #findEntry}. */
  @Override
  public @Nullable RowCursor findBehind(Key key, long version, long first, Span subkey, long last) {
    return findFrom(key, first, subkey, last);
  }

  /** {@inheritDoc} Null, too, if no row of the segment is in the range. */
  @Override
  public @Nullable RowCursor find(
      Key key, long version, long first, long last, Direction direction) {
    long position = overlaps(first, last) ? keyIndex.find(key) : KeyIndex.ABSENT;
    if (position == KeyIndex.ABSENT) {
      return null;
    }
    if (direction == Direction.FORWARD) {
      ForwardRows rows = new ForwardRows(pages);
      rows.start(pageOf(position), ordinalOf(position), first, last);
      return rows;
    }
    BackwardRows rows = new BackwardRows(pages);
    rows.start(pageOf(position), ordinalOf(position), first, last);
    return rows;
  }

  @Override
  public KeyCursor keys(
      long version, int firstGroup, int lastGroup, long first, long last, Direction direction) {
    return segmentKeys(firstGroup, lastGroup, first, last, direction);
  }

  /** As {@link #keys(long, int, int, long, long, Direction)}. */
  SegmentKeys segmentKeys(
      int firstGroup, int lastGroup, long first, long last, Direction direction) {
    KeyRange range = keysOf(firstGroup, lastGroup, first, last);
    long @Nullable [] found = findByTime(range, first, last);
    if (found != null) {
      return new FoundKeys(pages, found, ordinalBits, direction);
    }
    return direction == Direction.FORWARD
        ? new ForwardKeys(pages, range)
        : new BackwardKeys(pages, range);
  }

  /**
   * {@inheritDoc} O(1) if the range covers the whole segment to the side that is asked for; else
   * looks at the directory and at the pages that the range cuts.
   */
  @Override
  public OptionalLong firstTimestamp(long version, long first, long last, Direction direction) {
    if (rowCount() == 0 || !overlaps(first, last)) {
      return OptionalLong.empty();
    }
    long edge = direction == Direction.FORWARD ? minTimestamp() : maxTimestamp();
    return first <= edge && edge <= last
        ? OptionalLong.of(edge)
        : PageBounds.first(pages, first, last, direction);
  }

  /**
   * Another handle on the segment, which does not keep it in memory; null if there is no place for
   * it elsewhere. This one stays as it is.
   *
   * @param storage has the segment
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for what of it stays
   */
  public @Nullable Segment leaveMemory(SegmentStorage storage) {
    SegmentInput other = storage.leaveMemory(input);
    if (other == null) {
      return null;
    }
    try {
      return open(other);
    } catch (RuntimeException | Error e) {
      other.close();
      throw e;
    }
  }

  /**
   * Makes a file that has the bytes of the segment and no others, without copying them; false if
   * that cannot be had. See {@link SegmentInput#linkTo}.
   */
  public boolean linkTo(Path target) {
    return input.linkTo(target);
  }

  /**
   * Removes the segment from its storage: the bytes are gone when all handles on them are closed.
   * It stays readable until then. Deleting twice does nothing.
   */
  public void delete() {
    input.delete();
  }

  /**
   * Lets go of the bytes, which stay in the storage unless they are deleted. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    input.close();
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
        + keyCount()
        + ", pages="
        + pageCount()
        + ", bytes="
        + sizeBytes()
        + "]";
  }

  private boolean overlaps(long first, long last) {
    return first <= last && first <= maxTimestamp && last >= minTimestamp;
  }

  private int pageOf(long position) {
    return KeyIndexFormat.pageOf(position, ordinalBits);
  }

  private int ordinalOf(long position) {
    return KeyIndexFormat.ordinalOf(position, ordinalBits);
  }

  private KeyRange keysOf(int firstGroup, int lastGroup, long first, long last) {
    return overlaps(first, last) ? groups.range(firstGroup, lastGroup) : KeyRange.EMPTY;
  }

  /**
   * The positions of the keys of the range that have rows in {@code [first, last]}; null if all
   * keys of the range have to be looked at, because there is no index of time or it would not find
   * fewer.
   */
  private long @Nullable [] findByTime(KeyRange range, long first, long last) {
    SegmentTimeIndex indexed = times;
    if (indexed == null
        || range.keyCount() == 0
        || (first <= minTimestamp && last >= maxTimestamp)) {
      return null;
    }
    return indexed.positions(first, last, range);
  }
}
