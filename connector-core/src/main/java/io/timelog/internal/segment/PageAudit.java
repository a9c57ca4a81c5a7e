package io.timelog.internal.segment;

import io.timelog.KeyGroups;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.PageFormat.Columns;
import io.timelog.internal.format.v1.PageFormat.Header;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the bytes of a page, whose checksum and header were compared, are those of rows: nobody
 * who reads it leaves it, and its rows are such as are written, in their order.
 */
final class PageAudit {
  private static final int KNOWN_FLAGS =
      PageFormat.PAYLOAD_ENDS | PageFormat.KEY_ENDS | PageFormat.GROUPS | PageFormat.CONTINUATION;

  private final Rule rule;
  private final KeyGroups groups;

  /** For pages of a table with this rule and these key groups. */
  PageAudit(Rule rule, KeyGroups groups) {
    this.rule = rule;
    this.groups = groups;
  }

  /** What is wrong with a page; null if nothing is. */
  @Nullable String problem(Page page) {
    Header header = PageFormat.header(page.payload());
    String problem = columnsProblem(page.payload(), header);
    if (problem != null) {
      return problem;
    }
    boolean continuation = (header.flags() & PageFormat.CONTINUATION) != 0;
    for (int ordinal = 0; ordinal < page.keyCount(); ordinal++) {
      problem = continuation ? null : keyProblem(page, ordinal);
      if (problem == null) {
        problem = rowsProblem(page, page.firstRow(ordinal), page.endRow(ordinal));
      }
      if (problem != null) {
        return problem;
      }
    }
    return boundsProblem(page);
  }

  private static @Nullable String columnsProblem(ByteBuffer bytes, Header header) {
    Columns columns = header.columns();
    boolean continuation = (header.flags() & PageFormat.CONTINUATION) != 0;
    if ((header.flags() & ~KNOWN_FLAGS) != 0
        || (continuation && (header.keyCount() != 1 || header.keyBytes() != 0))) {
      return "Flags of a page are not those of one that was written: flags=" + header.flags();
    }
    if (!partsFit(bytes, columns.payloadEnds, header.rowCount(), header.payloadBytes())) {
      return "Payloads of a page do not fill their space";
    }
    if (!partsFit(bytes, columns.keyEnds, header.keyCount(), header.keyBytes())) {
      return "Keys of a page do not fill their space";
    }
    if (!firstRowsFit(bytes, columns.firstRows, header)) {
      return "Keys of a page do not share its rows";
    }
    return tombstonesFit(bytes, columns.tombstones, header)
        ? null
        : "Tombstones of a page are not as many as it says: count=" + header.tombstoneCount();
  }

  /** Whether the parts of a heap, which end where a column says or have one length, fill it. */
  private static boolean partsFit(ByteBuffer bytes, int ends, int count, int total) {
    if (ends == Columns.ABSENT) {
      return total % count == 0;
    }
    int end = 0;
    for (int i = 0; i < count; i++) {
      int next = bytes.getInt(ends + Integer.BYTES * i);
      if (next < end) {
        return false;
      }
      end = next;
    }
    return end == total;
  }

  private static boolean firstRowsFit(ByteBuffer bytes, int firstRows, Header header) {
    if (firstRows == Columns.ABSENT) {
      return header.keyCount() <= header.rowCount();
    }
    int before = -1;
    for (int key = 0; key < header.keyCount(); key++) {
      int row = bytes.getInt(firstRows + Integer.BYTES * key);
      if (row <= before || row >= header.rowCount() || (key == 0 && row != 0)) {
        return false;
      }
      before = row;
    }
    return true;
  }

  private static boolean tombstonesFit(ByteBuffer bytes, int tombstones, Header header) {
    if (tombstones == Columns.ABSENT) {
      return true;
    }
    int count = 0;
    for (int i = 0; i < PageFormat.bitBytes(header.rowCount()); i++) {
      count += Integer.bitCount(bytes.get(tombstones + i) & 0xFF);
    }
    return count == header.tombstoneCount();
  }

  private @Nullable String keyProblem(Page page, int ordinal) {
    int length = page.keyLength(ordinal);
    if (length < groups.prefixBytes()
        || groups.groupOf(page.payload(), page.keyOffset(ordinal), length) != page.group(ordinal)) {
      return "Key of a page is not in its key group: group=" + page.group(ordinal);
    }
    byte[] key = new byte[length];
    page.payload().get(page.keyOffset(ordinal), key);
    int hash = Key.of(key, page.group(ordinal)).hash();
    return hash == page.hash(ordinal) ? null : "Key of a page has not its hash: ordinal=" + ordinal;
  }

  private @Nullable String rowsProblem(Page page, int from, int to) {
    for (int row = from; row < to; row++) {
      if (row > from && page.timestamp(row) < page.timestamp(row - 1)) {
        return "Rows of a page are not in time order: row=" + row;
      }
      if (!isPayload(page, row)) {
        return "Payload of a page is not one that was written: row=" + row;
      }
      if (rule == Rule.MAP && row > from && !isBehind(page, row - 1, row)) {
        return "Entries of a page are not in the order of their subkeys: row=" + row;
      }
    }
    return null;
  }

  private boolean isPayload(Page page, int row) {
    ByteBuffer bytes = page.payload();
    int at = page.payloadOffset(row);
    int end = at + page.payloadLength(row);
    if (!page.isTombstone(row)) {
      return rule == Rule.MULTIMAP || subkeyEnd(bytes, at, end) >= 0;
    }
    if (at == end) {
      return false;
    }
    if (RowFormat.isRange(bytes, at)) {
      return end - at == RowFormat.RANGE_BYTES
          && RowFormat.rangeLast(bytes, at) >= page.timestamp(row);
    }
    return rule == Rule.MAP
        && bytes.get(at) == RowFormat.POINT
        && subkeyEnd(bytes, at + RowFormat.KIND_BYTES, end) == end;
  }

  /** Where the subkey ends that begins at a place; negative if it does not end in time. */
  private static int subkeyEnd(ByteBuffer bytes, int at, int end) {
    for (int i = at; i < Math.min(end, at + RowFormat.MAX_VARINT_BYTES); i++) {
      if (bytes.get(i) >= 0) {
        int length = RowFormat.getVarint(bytes, at);
        return length < 0 || length > end - i - 1 ? -1 : i + 1 + length;
      }
    }
    return -1;
  }

  /** Whether a row of a map may follow another one, which is of the same key. */
  private static boolean isBehind(Page page, int before, int row) {
    if (page.timestamp(before) < page.timestamp(row) || isRange(page, before)) {
      return true;
    }
    if (isRange(page, row)) {
      return false;
    }
    ByteBuffer bytes = page.payload();
    int left = subkeyAt(page, before);
    int right = subkeyAt(page, row);
    int leftLength = RowFormat.getVarint(bytes, left);
    int rightLength = RowFormat.getVarint(bytes, right);
    return KeyOrder.compare(
            bytes,
            left + RowFormat.varintSize(leftLength),
            leftLength,
            bytes,
            right + RowFormat.varintSize(rightLength),
            rightLength)
        <= 0;
  }

  private static boolean isRange(Page page, int row) {
    return page.isTombstone(row) && RowFormat.isRange(page.payload(), page.payloadOffset(row));
  }

  private static int subkeyAt(Page page, int row) {
    return page.payloadOffset(row) + (page.isTombstone(row) ? RowFormat.KIND_BYTES : 0);
  }

  private static @Nullable String boundsProblem(Page page) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int row = 0; row < page.rowCount(); row++) {
      min = Math.min(min, page.timestamp(row));
      max = Math.max(max, page.timestamp(row));
    }
    return min == page.minTimestamp() && max == page.maxTimestamp()
        ? null
        : "Rows of a page have not its bounds: min=" + min + ", max=" + max;
  }
}
