package io.timelog.internal.segment;

import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.TimeIndexFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes the checksums of a segment right whose bytes a test has changed. */
public final class SegmentChecksums {
  private static final int PAGE_CHECKSUM_OFFSET = 4;
  private static final int PAGE_CHECKED_FROM = 8;
  private static final int DIRECTORY_CHECKSUM_OFFSET = 36;
  private static final int[] PLACES_IN_FOOTER = {8, 40, 56, 72, 88, 104, 120};

  private SegmentChecksums() {}

  /** Makes them right, from pages and blocks to the footer, as far as its numbers lead there. */
  public static void makeRight(byte[] segment) {
    if (segment.length < FooterFormat.BYTES) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
    int footerAt = segment.length - FooterFormat.BYTES;
    ByteBuffer footer = slice(bytes, footerAt, FooterFormat.BYTES);
    try {
      parts(bytes, footer);
    } catch (IndexOutOfBoundsException nonsense) {
      // Then the footer is what is read first, and told.
    }
    SegmentEnvelope.putEnd(footer, 1);
  }

  private static void parts(ByteBuffer bytes, ByteBuffer footer) {
    Footer decoded = FooterFormat.decode(footer);
    ByteBuffer pages =
        slice(bytes, (int) decoded.pageDirectory().offset(), decoded.pageDirectory().length());
    for (int page = 0; page < decoded.pageCount(); page++) {
      int at = (int) PageDirectoryFormat.offset(pages, page);
      int length = PageDirectoryFormat.length(pages, page);
      int checksum = Checksum.of(bytes, at + PAGE_CHECKED_FROM, length - PAGE_CHECKED_FROM);
      bytes.putInt(at + PAGE_CHECKSUM_OFFSET, checksum);
      pages.putInt(PageDirectoryFormat.ENTRY_BYTES * page + DIRECTORY_CHECKSUM_OFFSET, checksum);
    }
    blocks(
        bytes,
        (int) decoded.keyIndex(),
        slice(
            bytes,
            (int) decoded.keyIndexDirectory().offset(),
            decoded.keyIndexDirectory().length()));
    blocks(
        bytes,
        (int) decoded.timeIndex(),
        TimeIndexFormat.blocks(
            slice(
                bytes,
                (int) decoded.timeIndexDirectory().offset(),
                decoded.timeIndexDirectory().length())));
    for (int place : PLACES_IN_FOOTER) {
      int length = footer.getInt(place + 8);
      if (length > 0) {
        footer.putInt(place + 12, Checksum.of(bytes, (int) footer.getLong(place), length));
      }
    }
  }

  private static void blocks(ByteBuffer bytes, int index, ByteBuffer directory) {
    for (int block = 0; block < BlockDirectoryFormat.blockCount(directory); block++) {
      int start = BlockDirectoryFormat.start(directory, block);
      int end = BlockDirectoryFormat.end(directory, block);
      int checksum = Checksum.of(bytes, index + start, end - start);
      BlockDirectoryFormat.putBlock(directory, block, end, checksum);
    }
  }

  private static ByteBuffer slice(ByteBuffer bytes, int at, int length) {
    return bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
