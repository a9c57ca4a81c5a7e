package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.storage.ForeignInput;
import io.timelog.internal.storage.SegmentOutput;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A segment that lies outside of the store, to be copied into it: as a whole, or the keys of some
 * key groups. Every byte is checked before it is used; memory is held for the sections and one page
 * or index, or the pages of one key. Not thread-safe.
 */
public final class ForeignSegment {
  private final ForeignInput input;

  /**
   * The segment that an input reads, which the caller closes.
   *
   * @param checksum the {@linkplain Segment#checksum() checksum} that it must have
   * @throws TimelogCorruptionException if it has another one
   */
  public ForeignSegment(ForeignInput input, int checksum) {
    this.input = input;
    long end = input.length() - SegmentEnvelope.END_BYTES;
    if (end < 0) {
      throw new TimelogCorruptionException(
          "Segment is too short: length=" + input.length(), input.name(), 0);
    }
    int actual = SegmentEnvelope.checksum(input.read(end, SegmentEnvelope.END_BYTES));
    if (actual != checksum) {
      SegmentSections.read(input); // damage has a better message of its own
      throw new TimelogCorruptionException(
          "File is a segment, but not the one that was exported: expected="
              + Checksum.hex(checksum)
              + ", actual="
              + Checksum.hex(actual),
          input.name(),
          end);
    }
  }

  /**
   * Copies the segment as it is, and opens the copy.
   *
   * @param output gets the bytes; belongs to this call
   * @throws TimelogCorruptionException if a byte is not as it was written; nothing is left behind
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing is left behind
   */
  public Segment copyTo(SegmentOutput output) {
    try {
      SegmentSections sections = SegmentSections.read(input);
      Footer footer = sections.footer();
      copy(output, footer.header());
      SegmentPages pages = new SegmentPages(input, sections);
      for (int page = 0; page < pages.count(); page++) {
        output.write(pages.page(page).payload().duplicate().clear());
        pages.forget(page);
        input.forget(pages.offset(page));
      }
      copy(output, sections.keyIndexBlocks(input, pages));
      copy(output, sections.timeIndexBlocks(input));
      List<Place> rest =
          List.of(
              footer.keyIndexDirectory(),
              footer.timeIndexDirectory(),
              footer.keyGroups(),
              footer.pageDirectory(),
              footer.keyFilter(),
              footer.statistics());
      rest.forEach(place -> copy(output, place));
      long end = footer.statistics().end();
      output.write(input.read(end, (int) (input.length() - end)));
    } catch (RuntimeException | Error e) {
      output.abort();
      throw e;
    }
    return SegmentWriter.open(output.finish());
  }

  private void copy(SegmentOutput output, Place place) {
    if (place.length() > 0) {
      output.write(input.read(place.offset(), place.length()));
    }
  }

  private void copy(SegmentOutput output, IndexBlocks blocks) {
    if (blocks.count() > 0) {
      output.write(blocks.all());
      input.forget(blocks.offset(0));
    }
  }

  /**
   * The keys of {@code [firstGroup, lastGroup]}, forward. Reads the pages of these key groups, and
   * of the rest of the file only what tells where they are.
   *
   * @throws TimelogCorruptionException if what is read is not as it was written; from the cursor,
   *     too
   */
  public KeyCursor keys(int firstGroup, int lastGroup) {
    SegmentSections sections = SegmentSections.read(input);
    SegmentPages pages = new SegmentPages(input, sections);
    KeyRange range = new SegmentKeyGroups(sections).range(firstGroup, lastGroup);
    return new PassingKeys(input, pages, new ForwardKeys(pages, range), range.startPage());
  }

  /** Forgets the pages that it has passed. */
  private static final class PassingKeys extends KeyCursor {
    private final ForeignInput input;
    private final SegmentPages pages;
    private final ForwardKeys keys;
    private int kept;

    PassingKeys(ForeignInput input, SegmentPages pages, ForwardKeys keys, int firstPage) {
      this.input = input;
      this.pages = pages;
      this.keys = keys;
      this.kept = firstPage;
    }

    @Override
    public boolean advance() {
      if (!keys.advance()) {
        return false;
      }
      for (; kept < keys.pageNumber; kept++) {
        pages.forget(kept);
        input.forget(pages.offset(kept));
      }
      return true;
    }

    @Override
    public int group() {
      return keys.group();
    }

    @Override
    public int hash() {
      return keys.hash();
    }

    @Override
    public ByteBuffer keyBuffer() {
      return keys.keyBuffer();
    }

    @Override
    public int keyOffset() {
      return keys.keyOffset();
    }

    @Override
    public int keyLength() {
      return keys.keyLength();
    }

    @Override
    public RowCursor rows(long first, long last, Direction direction) {
      return keys.rows(first, last, direction);
    }
  }
}
