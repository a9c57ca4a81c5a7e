package io.timelog.internal.journal;

import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.TableShapeFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of the items of a batch, which follow each other without padding. An item begins with a
 * byte that tells its kind:
 *
 * <pre>
 *   {@value #SECTION}  rows of one memtable window, in the order in which they were written
 *         4  number of the table
 *         4  length of the frames in bytes
 *         8  serial of the memtable window
 *         8  base: the version of the store when its first row was written
 *         8  first timestamp of the partition window
 *         8  last timestamp of it, included
 *         4  count of frames
 *            frames, see {@link FrameFormat}
 *   {@value #CREATE_TABLE}  a table was made
 *         4  number of the table
 *         4  length of its settings in bytes
 *            settings, see {@link TableShapeFormat}
 *   {@value #DROP_TABLE}  a table was dropped
 *         4  number of the table
 *   {@value #FLOOR}  nothing below the cutoff is visible any more, whenever it is written
 *         4  number of the table
 *         8  cutoff
 *   {@value #DELETE_RANGE}  nothing in the range is visible that was written up to the version
 *         4  number of the table
 *         8  first timestamp
 *         8  last timestamp, included
 *         8  version
 * </pre>
 */
final class ItemFormat {
  static final byte SECTION = 1;
  static final byte CREATE_TABLE = 2;
  static final byte DROP_TABLE = 3;
  static final byte FLOOR = 4;
  static final byte DELETE_RANGE = 5;

  /** Bytes of a section before its frames. */
  static final int SECTION_BYTES = 1 + 3 * Integer.BYTES + 4 * Long.BYTES;

  private static final int TABLE_OFFSET = 1;
  private static final int CONTENT_OFFSET = TABLE_OFFSET + Integer.BYTES;
  private static final int SECTION_LENGTH_OFFSET = CONTENT_OFFSET;
  private static final int SERIAL_OFFSET = SECTION_LENGTH_OFFSET + Integer.BYTES;
  private static final int BASE_OFFSET = SERIAL_OFFSET + Long.BYTES;
  private static final int FIRST_OFFSET = BASE_OFFSET + Long.BYTES;
  private static final int LAST_OFFSET = FIRST_OFFSET + Long.BYTES;
  private static final int COUNT_OFFSET = LAST_OFFSET + Long.BYTES;

  private ItemFormat() {}

  /** Writes at 0 what a section has before its frames. */
  static void putSection(ByteBuffer to, LoggedWindow window, int frameBytes, int frames) {
    to.put(0, SECTION);
    to.putInt(TABLE_OFFSET, window.table());
    to.putInt(SECTION_LENGTH_OFFSET, frameBytes);
    to.putLong(SERIAL_OFFSET, window.serial());
    to.putLong(BASE_OFFSET, window.base());
    to.putLong(FIRST_OFFSET, window.first());
    to.putLong(LAST_OFFSET, window.last());
    to.putInt(COUNT_OFFSET, frames);
  }

  static ByteBuffer createTable(int table, TableShape shape) {
    byte[] settings = TableShapeFormat.encode(shape);
    ByteBuffer item = item(CREATE_TABLE, table, Integer.BYTES + settings.length);
    item.putInt(CONTENT_OFFSET, settings.length);
    item.put(CONTENT_OFFSET + Integer.BYTES, settings);
    return item;
  }

  static ByteBuffer dropTable(int table) {
    return item(DROP_TABLE, table, 0);
  }

  static ByteBuffer floor(int table, long cutoff) {
    return item(FLOOR, table, Long.BYTES).putLong(CONTENT_OFFSET, cutoff);
  }

  static ByteBuffer deleteRange(int table, long first, long last, long version) {
    return item(DELETE_RANGE, table, 3 * Long.BYTES)
        .putLong(CONTENT_OFFSET, first)
        .putLong(CONTENT_OFFSET + Long.BYTES, last)
        .putLong(CONTENT_OFFSET + 2 * Long.BYTES, version);
  }

  private static ByteBuffer item(byte kind, int table, int contentBytes) {
    return ByteBuffer.allocate(CONTENT_OFFSET + contentBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(0, kind)
        .putInt(TABLE_OFFSET, table);
  }
}
