package io.timelog.internal.manifest;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.tombstone.Tombstone;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Layout of a table in a manifest.
 *
 * <pre>
 *    size  field
 *       4  id
 *     4 n  length of the name; the name in UTF-8
 *       1  rule: 0 multimap, 1 map
 *       1  entries below the floor: 0 accepted, 1 refused
 *       1  bytes of a key that are its key group: 0, 1 or 2
 *       1  index: 0 key, 1 key and time
 *       1  grid: 0 declared, 1 adaptive, 2 unbounded
 *     8 8  width and origin of the grid
 *     8 8  cutoff and floor
 *       4  count of tombstones; of each
 *   8 8 8    first and last timestamp, version
 *       4  count of windows; of each
 *     8 8    first and last timestamp
 *       4    count of sources, from the oldest to the newest; of each
 *       1      1 if it is the compacted one of its window, else 0
 *       8      since: tombstones of this version and later ones hide its rows
 *       8      how far its range tombstones reach at most, in ticks: -1 if it has none, the
 *              largest number if that is not known
 *       4      count of segments, in order; of each
 *    16 8        file: store, number
 *       8        length in bytes
 *       4        checksum of the footer
 *     4 4        smallest and largest key group
 *     8 8        smallest and largest timestamp
 * </pre>
 */
final class TableFormat {
  private static final int TOMBSTONE_BYTES = 3 * Long.BYTES;
  private static final int WINDOW_BYTES = 2 * Long.BYTES + Integer.BYTES;
  private static final int SOURCE_BYTES = 1 + 2 * Long.BYTES + Integer.BYTES;
  private static final int SEGMENT_BYTES = 6 * Long.BYTES + 3 * Integer.BYTES;

  /** Length of the settings of a table with an empty name. */
  private static final int SHAPE_BYTES = Integer.BYTES + 5 + 2 * Long.BYTES;

  /** Length of a table with an empty name, without tombstones and windows. */
  static final int MIN_BYTES = 4 * Integer.BYTES + 5 + 4 * Long.BYTES;

  private TableFormat() {}

  /** Length of the settings of a table, which follow its id. */
  static int shapeLength(TableShape shape) {
    return Math.addExact(SHAPE_BYTES, utf8(shape.name()).length);
  }

  static int length(TableEntry table) {
    long length = MIN_BYTES;
    length += utf8(table.shape().name()).length;
    length += (long) TOMBSTONE_BYTES * table.tombstones().size();
    for (WindowEntry window : table.windows()) {
      length += WINDOW_BYTES;
      for (SourceEntry source : window.sources()) {
        length += SOURCE_BYTES + (long) SEGMENT_BYTES * source.segments().size();
      }
    }
    return Math.toIntExact(length);
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  static void putId(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  static void put(ByteBuffer bytes, TableEntry table) {
    bytes.putInt(table.id());
    putShape(bytes, table.shape());
    bytes.putLong(table.cutoff()).putLong(table.floor());
    bytes.putInt(table.tombstones().size());
    for (Tombstone tombstone : table.tombstones()) {
      bytes.putLong(tombstone.first()).putLong(tombstone.last()).putLong(tombstone.version());
    }
    bytes.putInt(table.windows().size());
    for (WindowEntry window : table.windows()) {
      bytes.putLong(window.first()).putLong(window.last()).putInt(window.sources().size());
      window.sources().forEach(source -> putSource(bytes, source));
    }
  }

  static void putShape(ByteBuffer bytes, TableShape shape) {
    byte[] name = utf8(shape.name());
    bytes.putInt(name.length).put(name);
    bytes.put((byte) (shape.rule() == Rule.MAP ? 1 : 0));
    bytes.put((byte) (shape.lateEntries() == LateEntries.REFUSE ? 1 : 0));
    bytes.put((byte) shape.keyGroups().prefixBytes());
    bytes.put((byte) (shape.index() == WindowIndex.KEY_AND_TIME ? 1 : 0));
    bytes.put((byte) code(shape.grid().kind()));
    bytes.putLong(shape.grid().width()).putLong(shape.grid().origin());
  }

  private static int code(GridKind kind) {
    return switch (kind) {
      case DECLARED -> 0;
      case ADAPTIVE -> 1;
      case UNBOUNDED -> 2;
    };
  }

  private static void putSource(ByteBuffer bytes, SourceEntry source) {
    bytes.put((byte) (source.compacted() ? 1 : 0));
    bytes.putLong(source.since()).putLong(source.rangeReach());
    bytes.putInt(source.segments().size());
    source.segments().forEach(segment -> putSegment(bytes, segment));
  }

  static void putFile(ByteBuffer bytes, FileId file) {
    putId(bytes, file.store());
    bytes.putLong(file.number());
  }

  private static void putSegment(ByteBuffer bytes, SegmentEntry segment) {
    putFile(bytes, segment.file());
    bytes.putLong(segment.length()).putInt(segment.checksum());
    bytes.putInt(segment.firstGroup()).putInt(segment.lastGroup());
    bytes.putLong(segment.minTimestamp()).putLong(segment.maxTimestamp());
  }

  static TableEntry get(ManifestReader bytes) {
    return new TableEntry(
        getId(bytes),
        getShape(bytes),
        bytes.int64(),
        bytes.int64(),
        bytes.list(TOMBSTONE_BYTES, () -> getTombstone(bytes)),
        getWindows(bytes));
  }

  private static int getId(ManifestReader bytes) {
    int id = bytes.int32();
    bytes.require(id >= 0, "Id of a table in a manifest is negative: id=" + id);
    return id;
  }

  static TableShape getShape(ManifestReader bytes) {
    return new TableShape(
        bytes.string(),
        oneOf(bytes, List.of(Rule.MULTIMAP, Rule.MAP)),
        oneOf(bytes, List.of(LateEntries.ACCEPT, LateEntries.REFUSE)),
        oneOf(bytes, List.of(KeyGroups.NONE, KeyGroups.FIRST_BYTE, KeyGroups.FIRST_TWO_BYTES)),
        oneOf(bytes, List.of(WindowIndex.KEY, WindowIndex.KEY_AND_TIME)),
        getGrid(bytes));
  }

  private static GridShape getGrid(ManifestReader bytes) {
    GridKind kind = oneOf(bytes, List.of(GridKind.DECLARED, GridKind.ADAPTIVE, GridKind.UNBOUNDED));
    GridShape grid = new GridShape(kind, bytes.int64(), bytes.int64());
    bytes.require(grid.width() > 0, "Width of windows in a manifest is not positive: " + grid);
    return grid;
  }

  private static <T> T oneOf(ManifestReader bytes, List<T> values) {
    int code = bytes.int8();
    bytes.require(code >= 0 && code < values.size(), "Unknown code in a manifest: code=" + code);
    return values.get(code);
  }

  private static Tombstone getTombstone(ManifestReader bytes) {
    long first = bytes.int64();
    long last = bytes.int64();
    bytes.require(first <= last, "Tombstone in a manifest is empty: first=" + first);
    return new Tombstone(first, last, bytes.int64());
  }

  private static List<WindowEntry> getWindows(ManifestReader bytes) {
    List<WindowEntry> windows = bytes.list(WINDOW_BYTES, () -> getWindow(bytes));
    for (int i = 1; i < windows.size(); i++) {
      bytes.require(
          windows.get(i - 1).last() < windows.get(i).first(),
          "Windows in a manifest are not in order: first=" + windows.get(i).first());
    }
    return windows;
  }

  private static WindowEntry getWindow(ManifestReader bytes) {
    long first = bytes.int64();
    long last = bytes.int64();
    bytes.require(first <= last, "Window in a manifest is empty: first=" + first);
    return new WindowEntry(first, last, bytes.list(SOURCE_BYTES, () -> getSource(bytes)));
  }

  private static SourceEntry getSource(ManifestReader bytes) {
    boolean compacted = oneOf(bytes, List.of(false, true));
    SourceEntry source =
        new SourceEntry(
            compacted,
            bytes.int64(),
            bytes.int64(),
            bytes.list(SEGMENT_BYTES, () -> getSegment(bytes)));
    bytes.require(
        !source.segments().isEmpty() && source.rangeReach() >= RangeReach.NO_RANGES,
        "Source in a manifest is not one that was written: " + source);
    return source;
  }

  private static SegmentEntry getSegment(ManifestReader bytes) {
    FileId file = new FileId(bytes.id(), bytes.int64());
    long length = bytes.int64();
    int checksum = bytes.int32();
    SegmentEntry segment =
        new SegmentEntry(
            file, length, checksum, bytes.int32(), bytes.int32(), bytes.int64(), bytes.int64());
    bytes.require(
        length > 0 && segment.firstGroup() >= 0 && segment.firstGroup() <= segment.lastGroup(),
        "Segment in a manifest is not one that was written: " + segment);
    return segment;
  }
}
