package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.between;
import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage of any byte is reported with its place, and no row is returned that was not written. */
@ParameterizedClass
@EnumSource(WindowIndex.class)
final class SegmentCorruptionTest {
  private static final int[] ABSURD = {0, 1, 2, 0x3F, 0x7F, 0x80, 0xFE, 0xFF};
  private static final int PAGE_ENCODING_OFFSET = 12;
  private static final int SEGMENT_LENGTH_OFFSET = 8;
  private static final int SEGMENT_VERSION_OFFSET = 12;
  private static final int FOOTER_HEADER_OFFSET = 8;
  private static final int FOOTER_KEY_INDEX_OFFSET = 24;
  private static final int FOOTER_TIME_INDEX_OFFSET = 32;
  private static final int FOOTER_KEY_INDEX_DIRECTORY_OFFSET = 40;
  private static final int FOOTER_TIME_INDEX_DIRECTORY_OFFSET = 56;
  private static final int FOOTER_DIRECTORY_OFFSET = 88;
  private static final int DIRECTORY_CHECKSUM_OFFSET = 36;
  private static final int FIRST_RESERVED_FOOTER_BYTE = 150;
  private static final int FOOTER_END_OFFSET = 152;
  private static final int FOOTER_LENGTH_OFFSET = 154;
  private static final int FOOTER_CHECKSUM_OFFSET = 156;

  private final ModelSegment model = model();
  private final List<List<ModelRow>> byTime =
      IntStream.range(0, 125)
          .mapToObj(timestamp -> between(model.allRows().toList(), timestamp, timestamp))
          .toList();
  private final WindowIndex index;
  private final byte[] good;
  private final int footerStart;

  SegmentCorruptionTest(WindowIndex index) {
    this.index = index;
    this.good = write(model);
    this.footerStart = good.length - FooterFormat.BYTES;
  }

  @Test
  void undamagedSegment_givesAllRows() {
    List<ModelRow> rows = new ArrayList<>();
    readAll(good, rows);

    assertThat(rows).isEqualTo(model.allRows().toList());
    assertThat(Segment.open(new BytesInput(good)).pageCount()).isGreaterThan(5);
  }

  @Test
  void everyFlippedBit_isReportedWithItsSource() {
    List<ModelRow> expected = model.allRows().toList();
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] damaged = good.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);

      List<ModelRow> rows = new ArrayList<>();
      Throwable thrown = catchThrowable(() -> readAll(damaged, rows));

      assertThat(thrown).as("bit %s of byte %s", bit % 8, bit / 8).isNotNull();
      assertCorruption(thrown, damaged.length);
      assertThat(rows).as("rows before the damage").isEqualTo(expected.subList(0, rows.size()));
    }
  }

  @Test
  void everyTruncation_isReported() {
    for (int length = 0; length < good.length; length++) {
      byte[] damaged = Arrays.copyOf(good, length);

      Throwable thrown = catchThrowable(() -> Segment.open(new BytesInput(damaged)));

      assertThat(thrown).as("length %s", length).isNotNull();
      assertCorruption(thrown, length);
    }
  }

  @Test
  void everyMissingStart_isReported() {
    for (int missing = 1; missing <= good.length; missing++) {
      byte[] damaged = Arrays.copyOfRange(good, missing, good.length);

      Throwable thrown = catchThrowable(() -> Segment.open(new BytesInput(damaged)));

      assertThat(thrown).as("missing %s", missing).isNotNull();
      assertCorruption(thrown, damaged.length);
    }
  }

  @Test
  void appendedBytes_areReported() {
    for (int more : new int[] {1, 8, 128}) {
      assertThatThrownBy(
              () -> Segment.open(new BytesInput(Arrays.copyOf(good, good.length + more))))
          .isInstanceOf(TimelogCorruptionException.class);
    }
  }

  @Test
  void otherContent_isReported() {
    assertThatThrownBy(() -> Segment.open(new BytesInput(new byte[10_000])))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Segment does not end with the footer of a segment, source=damaged.seg@9984");
    assertThatThrownBy(() -> Segment.open(new BytesInput(new byte[10])))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Segment is too short: length=10, source=damaged.seg@0");
  }

  @Test
  void flippedBitOfAPage_isReportedWithBothChecksums() {
    Segment segment = Segment.open(new BytesInput(good));
    long offset = good.length / 4 & -8;
    byte[] damaged = good.clone();
    damaged[(int) offset] ^= 1;

    assertThatThrownBy(() -> readAll(damaged, new ArrayList<>()))
        .isInstanceOfSatisfying(
            TimelogCorruptionException.class,
            e -> {
              assertThat(e.file()).isEqualTo("damaged.seg");
              assertThat(e.offset()).isLessThanOrEqualTo(offset);
              assertThat(e)
                  .hasMessageMatching(
                      "Page checksum mismatch: stored=0x[0-9a-f]{8}, computed=0x[0-9a-f]{8},"
                          + " source=damaged.seg@"
                          + e.offset());
            });
    assertThat(segment.rowCount()).isEqualTo(model.allRows().count());
  }

  @Test
  void pageOfAnotherSegment_isReportedThoughItsChecksumIsRight() {
    // Equal in all but the payloads, as after a write that went to the wrong place.
    ModelSegment other = new ModelSegment();
    model
        .rows()
        .forEach(
            (key, rows) ->
                rows.forEach(
                    row ->
                        other.add(
                            key,
                            ModelRow.of(
                                row.timestamp(),
                                row.tombstone(),
                                new byte[row.payload().length()]))));
    byte[] otherBytes = write(other);
    assertThat(otherBytes).hasSameSizeAs(good);
    ByteBuffer page = Segment.open(new BytesInput(good)).page(0).payload();
    int start = indexOf(good, page);
    byte[] damaged = good.clone();
    System.arraycopy(otherBytes, start, damaged, start, page.capacity());

    assertThatThrownBy(() -> readAll(damaged, new ArrayList<>()))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith("Page is not the one in the page directory: stored=0x");
  }

  @Test
  void absurdNumbersInAFooterWithARightChecksum_areReportedBeforeAnythingIsAllocated() {
    for (int at = 0; at < FIRST_RESERVED_FOOTER_BYTE; at++) {
      for (int value : ABSURD) {
        byte[] damaged = good.clone();
        if (damaged[footerStart + at] == (byte) value) {
          continue;
        }
        damaged[footerStart + at] = (byte) value;
        rewriteFooterChecksum(damaged);

        Throwable thrown = catchThrowable(() -> Segment.open(new BytesInput(damaged)));

        assertThat(thrown).as("byte %s of the footer set to %s", at, value).isNotNull();
        assertCorruption(thrown, damaged.length);
      }
    }
  }

  @Test
  void absurdNumbersInAPageWithARightChecksum_areReported() {
    // Key count, row count, timestamps, payload bytes, key bytes, group of the first key.
    for (int at : new int[] {16, 20, 24, 28, 32, 36, 40, 44, 48}) {
      for (int value : new int[] {Integer.MIN_VALUE, -1, 1 << 20, Integer.MAX_VALUE}) {
        byte[] damaged = good.clone();
        ByteBuffer page = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        page = page.slice(headerLength(), pageLength()).order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(at, value);
        rewritePageChecksum(damaged, page);

        Segment segment = Segment.open(new BytesInput(damaged));

        assertThatThrownBy(() -> segment.page(0))
            .as("field at %s of the page set to %s", at, value)
            .isInstanceOf(TimelogCorruptionException.class)
            .hasMessageStartingWith("Page header and page directory disagree: Header[");
      }
    }
  }

  @Test
  void absurdNumbersInATimeIndexWithRightChecksums_areReportedOrLeadToKeysThatAreThere() {
    ByteBuffer footer = footer(good);
    int start = (int) footer.getLong(FOOTER_TIME_INDEX_OFFSET);
    int end = (int) footer.getLong(FOOTER_KEY_INDEX_DIRECTORY_OFFSET);
    assertThat(end > start).isEqualTo(index == WindowIndex.KEY_AND_TIME);
    for (int at = start; at < end; at++) {
      for (int value : ABSURD) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) value;
        rewriteTimeIndexChecksums(damaged, start, end);
        assertOnlyRowsOfTheRange(damaged, "byte " + at + " set to " + value);
      }
    }
  }

  @Test
  void absurdNumbersInATimeIndexDirectoryWithARightChecksum_areReportedOrLeadToKeysThatAreThere() {
    ByteBuffer footer = footer(good);
    int start = (int) footer.getLong(FOOTER_TIME_INDEX_DIRECTORY_OFFSET);
    int length = footer.getInt(FOOTER_TIME_INDEX_DIRECTORY_OFFSET + 8);
    for (int at = start; at < start + length; at++) {
      for (int value : ABSURD) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) value;
        rewriteSectionChecksum(damaged, FOOTER_TIME_INDEX_DIRECTORY_OFFSET);
        assertOnlyRowsOfTheRange(damaged, "byte " + at + " set to " + value);
      }
    }
  }

  private void assertOnlyRowsOfTheRange(byte[] damaged, String damage) {
    List<ModelRow> rows = new ArrayList<>();
    Throwable thrown =
        catchThrowable(
            () -> rows.addAll(readRange(Segment.open(new BytesInput(damaged)), 101, 103)));

    if (thrown != null) {
      assertCorruption(thrown, damaged.length);
    }
    assertThat(between(model.allRows().toList(), 101, 103)).as(damage).containsAll(rows);
  }

  @Test
  void absurdNumbersInAKeyIndexWithRightChecksums_areReportedOrLeadToNoOtherKey() {
    ByteBuffer footer = footer(good);
    int start = (int) footer.getLong(FOOTER_KEY_INDEX_OFFSET);
    int end = (int) footer.getLong(FOOTER_TIME_INDEX_OFFSET);
    for (int at = start; at < end; at++) {
      for (int value : ABSURD) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) value;
        rewriteKeyIndexChecksums(damaged, start, end);
        Segment segment = Segment.open(new BytesInput(damaged));

        for (ModelKey key : model.rows().keySet()) {
          List<ModelRow> rows = new ArrayList<>();
          Throwable thrown =
              catchThrowable(() -> rows.addAll(drain(segment.find(key.key(), 0, -1, 2000))));

          if (thrown != null) {
            assertCorruption(thrown, damaged.length);
          }
          assertThat(rows)
              .as("byte %s set to %s", at, value)
              .isIn(List.of(), model.rows().get(key));
        }
      }
    }
  }

  @Test
  void compressedPage_isRefusedAsSuch() {
    byte[] compressed = good.clone();
    ByteBuffer page =
        ByteBuffer.wrap(compressed, headerLength(), pageLength())
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    page.put(PAGE_ENCODING_OFFSET, PageFormat.COMPRESSED);
    rewritePageChecksum(compressed, page);
    Segment segment = Segment.open(new BytesInput(compressed));

    assertThatThrownBy(() -> segment.page(0))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Page is compressed, read it with a newer version of Timelog: source=damaged.seg@"
                + headerLength());
  }

  @Test
  void headerOfAnotherKind_isReportedThoughItsChecksumIsRight() {
    for (int at : new int[] {0, SEGMENT_LENGTH_OFFSET, SEGMENT_VERSION_OFFSET}) {
      byte[] damaged = good.clone();
      damaged[at]++;
      rewriteSectionChecksum(damaged, FOOTER_HEADER_OFFSET);

      assertThatThrownBy(() -> Segment.open(new BytesInput(damaged)))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessage(
              "Segment does not start with the header that its footer describes,"
                  + " source=damaged.seg@0");
    }
  }

  @Test
  void segmentOfANewerVersion_isRefusedAsSuch() {
    byte[] newer = good.clone();
    newer[footerStart + FOOTER_END_OFFSET] = 2;
    rewriteFooterChecksum(newer);

    assertThatThrownBy(() -> Segment.open(new BytesInput(newer)))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Segment format is too new, read it with a newer version of Timelog: formatVersion=2,"
                + " minFormatVersion=1, maxFormatVersion=1, source=damaged.seg@"
                + (footerStart + FOOTER_END_OFFSET));
  }

  @Test
  void segmentOfANewerVersionWithALongerFooter_isRefusedAsSuch() {
    byte[] newer = Arrays.copyOf(good, good.length + 64);
    ByteBuffer footer =
        ByteBuffer.wrap(newer, footerStart, FooterFormat.BYTES + 64)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    SegmentEnvelope.putEnd(footer, 3);

    assertThatThrownBy(() -> Segment.open(new BytesInput(newer)))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageStartingWith("Segment format is too new")
        .hasMessageContaining("formatVersion=3,");
  }

  @Test
  void segmentOfAnOlderVersion_isRefusedAsSuch() {
    byte[] older = good.clone();
    older[footerStart + FOOTER_END_OFFSET] = 0;
    rewriteFooterChecksum(older);

    assertThatThrownBy(() -> Segment.open(new BytesInput(older)))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageStartingWith(
            "Segment format is too old, read it with an older version of Timelog:"
                + " formatVersion=0, minFormatVersion=1,");
  }

  @Test
  void footerOfAnotherLength_isReportedThoughItsChecksumIsRight() {
    byte[] damaged = good.clone();
    ByteBuffer longer =
        ByteBuffer.wrap(damaged, footerStart - 8, FooterFormat.BYTES + 8)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    SegmentEnvelope.putEnd(longer, 1);

    assertThatThrownBy(() -> Segment.open(new BytesInput(damaged)))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage(
            "Footer has an unexpected length: length=176, expected=168, source=damaged.seg@"
                + (footerStart - 8));
  }

  @Test
  void lengthOfTheFooter_isCheckedBeforeItIsRead() {
    for (int length : new int[] {0, 15, good.length + 1, 0xFFFF}) {
      byte[] damaged = good.clone();
      footer(damaged).putShort(FOOTER_LENGTH_OFFSET, (short) length);

      assertThatThrownBy(() -> Segment.open(new BytesInput(damaged)))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessageStartingWith("Length of the footer is out of bounds: length=" + length);
    }
  }

  @Test
  void absurdLengthOfATableName_isReportedBeforeAnythingIsAllocated() {
    for (int length : new int[] {-1, 1000, Integer.MAX_VALUE}) {
      byte[] damaged = good.clone();
      ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(20, length);
      rewriteSectionChecksum(damaged, FOOTER_HEADER_OFFSET);

      assertThatThrownBy(() -> Segment.open(new BytesInput(damaged)))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessage("Name of the table does not fit the header, source=damaged.seg@0");
    }
  }

  @Test
  void damageInMemory_isReportedWhenThePageIsFirstUsed() {
    MemoryAccount memory = new MemoryAccount(new BufferPool(1 << 20));
    MemoryStorage storage = new MemoryStorage(memory);
    Segment segment = model.write(storage.create("s"), options());
    SegmentInput input = storage.open("s");
    input.read(200, 1).put(0, (byte) 0x55);
    input.close();
    long used = memory.usedBytes();

    assertThatThrownBy(() -> drain(segment.keys(0, 0, 9), 0, 1000))
        .isInstanceOf(TimelogCorruptionException.class);

    assertThat(memory.usedBytes()).isEqualTo(used);
    segment.delete();
    segment.close();
    assertThat(memory.usedBytes()).isZero();
  }

  /**
   * Reads everything there is, row by row into {@code rows}, and finds every key and every row by
   * its time.
   */
  private void readAll(byte[] bytes, List<ModelRow> rows) {
    Segment segment = Segment.open(new BytesInput(bytes));
    KeyCursor keys = segment.keys(0, 0, Integer.MAX_VALUE);
    while (keys.advance()) {
      var cursor = keys.rows(Long.MIN_VALUE, Long.MAX_VALUE);
      while (cursor.advance()) {
        rows.add(ModelRow.of(cursor));
      }
    }
    model
        .rows()
        .forEach(
            (key, expected) ->
                assertThat(drain(segment.find(key.key(), 0, Long.MIN_VALUE, Long.MAX_VALUE)))
                    .isEqualTo(expected));
    for (int timestamp = 0; timestamp < 125; timestamp++) {
      assertThat(readRange(segment, timestamp, timestamp)).isEqualTo(byTime.get(timestamp));
    }
  }

  private static List<ModelRow> readRange(Segment segment, long first, long last) {
    List<ModelRow> rows = new ArrayList<>();
    KeyCursor keys = segment.keys(0, 0, 9, first, last);
    while (keys.advance()) {
      rows.addAll(drain(keys.rows(first, last)));
    }
    return rows;
  }

  private static void assertCorruption(Throwable thrown, int length) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            TimelogCorruptionException.class,
            e -> {
              assertThat(e.file()).isEqualTo("damaged.seg");
              assertThat(e.offset()).isBetween(0L, (long) length);
              assertThat(e).hasMessageEndingWith(", source=damaged.seg@" + e.offset());
            });
  }

  private int headerLength() {
    return footer(good).getInt(FOOTER_HEADER_OFFSET + 8);
  }

  private int pageLength() {
    return ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(headerLength() + 8);
  }

  /** Makes all checksums right that depend on the first page. */
  private void rewritePageChecksum(byte[] bytes, ByteBuffer page) {
    int checksum = PageFormat.putChecksum(page, page.capacity());
    int directory = (int) footer(bytes).getLong(FOOTER_DIRECTORY_OFFSET);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(directory + DIRECTORY_CHECKSUM_OFFSET, checksum);
    rewriteSectionChecksum(bytes, FOOTER_DIRECTORY_OFFSET);
  }

  /** Makes all checksums right that depend on the one block of the key index. */
  private void rewriteKeyIndexChecksums(byte[] bytes, int start, int end) {
    rewriteBlockChecksum(
        bytes, start, end, (int) footer(bytes).getLong(FOOTER_KEY_INDEX_DIRECTORY_OFFSET));
    rewriteSectionChecksum(bytes, FOOTER_KEY_INDEX_DIRECTORY_OFFSET);
  }

  /** Makes all checksums right that depend on the one block of the time index. */
  private void rewriteTimeIndexChecksums(byte[] bytes, int start, int end) {
    ByteBuffer footer = footer(bytes);
    int directory = (int) footer.getLong(FOOTER_TIME_INDEX_DIRECTORY_OFFSET);
    int length = footer.getInt(FOOTER_TIME_INDEX_DIRECTORY_OFFSET + 8);
    rewriteBlockChecksum(bytes, start, end, directory + length - BlockDirectoryFormat.ENTRY_BYTES);
    rewriteSectionChecksum(bytes, FOOTER_TIME_INDEX_DIRECTORY_OFFSET);
  }

  private static void rewriteBlockChecksum(byte[] bytes, int start, int end, int entry) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(BlockDirectoryFormat.end(buffer.slice(entry, 8).order(ByteOrder.LITTLE_ENDIAN), 0))
        .as("the end of the only block")
        .isEqualTo(end - start);
    buffer.putInt(entry + Integer.BYTES, Checksum.of(buffer, start, end - start));
  }

  /** Makes the checksums of a section and of the footer right. */
  private void rewriteSectionChecksum(byte[] bytes, int place) {
    ByteBuffer footer = footer(bytes);
    int offset = (int) footer.getLong(place);
    int length = footer.getInt(place + 8);
    footer.putInt(place + 12, Checksum.of(ByteBuffer.wrap(bytes), offset, length));
    rewriteFooterChecksum(bytes);
  }

  private void rewriteFooterChecksum(byte[] bytes) {
    ByteBuffer footer = footer(bytes);
    footer.putInt(FOOTER_CHECKSUM_OFFSET, Checksum.of(footer, 0, FOOTER_CHECKSUM_OFFSET));
  }

  private ByteBuffer footer(byte[] bytes) {
    return ByteBuffer.wrap(bytes, footerStart, FooterFormat.BYTES)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int indexOf(byte[] bytes, ByteBuffer page) {
    int checksum = PageFormat.checksum(page);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (all.getInt(at) != PageFormat.MAGIC || all.getInt(at + 4) != checksum) {
      at += 8;
    }
    return at;
  }

  private byte[] write(ModelSegment rows) {
    MemoryStorage storage = new MemoryStorage(new MemoryAccount(new BufferPool(1 << 20)));
    rows.write(storage.create("s"), options());
    return BytesInput.copyOf(storage.open("s"));
  }

  private SegmentOptions options() {
    return new SegmentOptions("clicks", 192, 0, 1000, 7, index);
  }

  /** Several pages of small keys, a key of several pages, tombstones, three groups. */
  private static ModelSegment model() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 12; i++) {
      model.add(ModelKey.of(i % 3, (byte) i), ModelRow.of(i, i == 5, new byte[] {(byte) i, 1, 2}));
      model.add(ModelKey.of(i % 3, (byte) i), ModelRow.of(2L * i, false, new byte[i]));
    }
    for (int i = 0; i < 25; i++) {
      model.add(ModelKey.of(1, (byte) 90), ModelRow.of(100 + i, false, (byte) i, (byte) -i));
    }
    return model;
  }
}
