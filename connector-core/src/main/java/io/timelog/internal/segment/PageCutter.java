package io.timelog.internal.segment;

import io.timelog.internal.format.v1.PageFormat;
import java.nio.ByteBuffer;

/** Cuts the rows of a segment into pages: decides where a page ends and what moves to the next. */
final class PageCutter {

  /*
   * When a row does not fit the page any more there are two cases. If the page holds other keys
   * before the row's key, these are written as a page and the rows of the last key move to the start
   * of the next one. If the row's key is alone, its rows so far are written as a page of their own
   * and the key continues in a continuation page, which no other key joins. So a key spans pages
   * only if it must, a row moves once at most, and every page of a long key has only its rows.
   */

  /** Bounds the bits that an ordinal takes from a position. */
  private static final int MAX_KEYS_PER_PAGE = 1 << 12;

  private final WrittenPages pages;
  private final int targetPageBytes;
  private final PageBuilder builder = new PageBuilder();

  /** Whether the builder holds a continuation page. */
  private boolean continuing;

  /** Whether the last key has no row yet. */
  private boolean keyIsNew;

  /** Writes to {@code pages}, pages of {@code targetPageBytes} or less unless a row is longer. */
  PageCutter(WrittenPages pages, int targetPageBytes) {
    this.pages = pages;
    this.targetPageBytes = targetPageBytes;
  }

  /** Starts a key, whose first row, as described, must follow. */
  void addKey(
      int group, int hash, byte[] key, int keyLength, int payloadLength, boolean tombstone) {
    boolean full =
        continuing
            || builder.keyCount() == MAX_KEYS_PER_PAGE
            || builder.lengthWithKey(group, keyLength, payloadLength, tombstone) > targetPageBytes;
    if (full && builder.rowCount() > 0) {
      pages.write(builder, builder.header());
      builder.clear();
      continuing = false;
    }
    builder.addKey(group, hash, key, keyLength);
    keyIsNew = true;
  }

  /** Adds a row to the last key. */
  void addRow(
      long timestamp, boolean tombstone, ByteBuffer payload, int payloadOffset, int payloadLength) {
    if (keyIsNew) {
      keyIsNew = false;
    } else if (builder.lengthWithRow(payloadLength, tombstone) > targetPageBytes) {
      makeRoom(payloadLength, tombstone);
    }
    builder.addRow(timestamp, tombstone, payload, payloadOffset, payloadLength);
  }

  /** Writes the last page. */
  void finish() {
    if (builder.rowCount() > 0) {
      pages.write(builder, builder.header());
    }
  }

  /** Makes room for one more row of the last key, by writing other keys or earlier rows. */
  private void makeRoom(int payloadLength, boolean tombstone) {
    if (builder.keyCount() > 1) {
      PageFormat.Header others = builder.headerWithoutLastKey();
      pages.write(builder, others);
      builder.keepLastKey();
    }
    if (builder.lengthWithRow(payloadLength, tombstone) > targetPageBytes) {
      pages.write(builder, builder.header());
      builder.continueKey();
      continuing = true;
    }
  }
}
