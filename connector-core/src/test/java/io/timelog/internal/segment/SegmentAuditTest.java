package io.timelog.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An audit reads everything, says what is lost, and believes no checksum. */
@ParameterizedClass
@EnumSource(WindowIndex.class)
final class SegmentAuditTest {
  /** Of keys of which one spans pages, with a filter. */
  private static final int KEYS = 300;

  private static final int ROWS_OF_LONG_KEY = 400;

  private final BytesInput input;
  private final byte[] good;
  private final Footer footer;

  SegmentAuditTest(WindowIndex index) {
    good = write(index);
    input = new BytesInput(good);
    footer = FooterFormat.decode(input.read(good.length - FooterFormat.BYTES, FooterFormat.BYTES));
  }

  /** What was found, in words. */
  private static final class Found implements SegmentFindings {
    final List<String> lines = new ArrayList<>();

    @Override
    public void rowsLost(long offset, String problem, long first, long last, long rows) {
      lines.add("rows " + first + ".." + last + " x" + rows + " @" + offset + " " + problem);
    }

    @Override
    public void segmentLost(long offset, String problem) {
      lines.add("segment @" + offset + " " + problem);
    }

    @Override
    public void nothingLost(long offset, String problem) {
      lines.add("nothing @" + offset + " " + problem);
    }
  }

  private static List<String> audit(BytesInput input) {
    Found found = new Found();
    new SegmentAudit(input, Rule.MULTIMAP, KeyGroups.FIRST_BYTE, found).run();
    return found.lines;
  }

  @Test
  void goodSegment_hasNoFindings() {
    assertThat(audit(input)).isEmpty();

    SegmentAudit audit = new SegmentAudit(input, Rule.MULTIMAP, KeyGroups.FIRST_BYTE, new Found());
    audit.run();
    assertThat(audit.hasSections()).isTrue();
    assertThat(audit.rowCount()).isEqualTo(KEYS + ROWS_OF_LONG_KEY);
    assertThat(audit.table()).isEqualTo("t");
    assertThat(audit.minTimestamp()).isZero();
    assertThat(audit.firstGroup()).isZero();
    assertThat(audit.lastGroup()).isEqualTo(2);
    assertThat(audit.firstKey()).containsExactly(0, 0, 0);
    assertThat(audit.lastKey()).startsWith(2);
  }

  @Test
  void flippedBitsInAPage_areRowsOfThatPage() {
    Segment segment = Segment.open(input);
    long at = footer.header().end();
    for (int page = 0; page < segment.pageCount(); page++) {
      Page whole = segment.page(page);
      input.flip((int) (8 * (at + whole.payload().capacity() - 9)));

      List<String> found = audit(input);

      input.flip((int) (8 * (at + whole.payload().capacity() - 9)));
      assertThat(found).hasSize(1);
      assertThat(found.get(0))
          .startsWith(
              "rows "
                  + whole.minTimestamp()
                  + ".."
                  + whole.maxTimestamp()
                  + " x"
                  + whole.rowCount()
                  + " @"
                  + at
                  + " Page checksum mismatch: ");
      at += whole.payload().capacity();
    }
  }

  @Test
  void everyFlippedBit_isFound() {
    for (int at = 0; at < good.length; at++) {
      int bit = Byte.SIZE * at + at % Byte.SIZE;
      input.flip(bit);
      assertThat(audit(input)).as("byte %s", at).isNotEmpty();
      input.flip(bit);
    }
  }

  @Test
  void damageOfWhatFollowsFromRows_losesNone_andPagesAreReadAllTheSame() {
    for (FooterFormat.Place place :
        List.of(
            footer.keyIndexDirectory(),
            footer.keyGroups(),
            footer.keyFilter(),
            footer.statistics())) {
      input.flip((int) (8 * place.offset()));
      assertThat(audit(input)).hasSize(1).allMatch(line -> line.startsWith("nothing @"));

      input.flip((int) (8 * (footer.header().end() + 60)));
      assertThat(audit(input))
          .hasSize(2)
          .anyMatch(
              line ->
                  line.matches(
                      "rows .* x[1-9][0-9]* @"
                          + footer.header().end()
                          + " Page checksum mismatch: page=0"));
      input.flip((int) (8 * (footer.header().end() + 60)));
      input.flip((int) (8 * place.offset()));
    }
  }

  /** Every byte behind the pages is changed, and all checksums are made right. */
  @ParameterizedTest
  @ValueSource(ints = {1, 0x40, 0xFF})
  void lieWithRightChecksums_isFound(int change) {
    long end = footer.statistics().end();
    for (long at = footer.keyIndex(); at < end; at++) {
      byte[] lying = good.clone();
      lying[(int) at] ^= (byte) change;
      if (isPlaceOfAChecksum(at)) {
        continue;
      }
      SegmentChecksums.makeRight(lying);
      assertThat(audit(new BytesInput(lying))).as("byte %s", at).isNotEmpty();
    }
  }

  /** Where the right checksum is put again. */
  private boolean isPlaceOfAChecksum(long at) {
    long page = at - footer.pageDirectory().offset();
    if (page >= 0 && page < footer.pageDirectory().length()) {
      return page % 56 >= 36 && page % 56 < 40;
    }
    long key = at - footer.keyIndexDirectory().offset();
    if (key >= 0 && key < footer.keyIndexDirectory().length()) {
      return key % 8 >= 4;
    }
    long time = at - footer.timeIndexDirectory().offset();
    int length = footer.timeIndexDirectory().length();
    if (time >= 0 && time < length) {
      // One block for each 16 strips, at the end.
      int strips = input.read(footer.timeIndexDirectory().offset(), 4).getInt(0);
      int blocks = (strips + 15) / 16;
      return time >= length - 8L * blocks && time % 8 >= 4;
    }
    return false;
  }

  @Test
  void rowsOfAPage_areLookedAt_thoughItsChecksumIsRight() {
    int page = (int) footer.header().end();
    ByteBuffer header = input.read(page, 56);
    int rows = header.getInt(20);
    // The last of the timestamps, and the hash of the first key behind the payload ends.
    assertLie(page + 56 + 8 * (rows - 1) + 7, "Rows of a page have not its bounds");
    assertThat(header.get(13) & 1).as("payload ends").isOne();
    assertLie(page + 56 + 8 * rows + 3, "Payloads of a page do not fill their space");
    assertLie(page + 56 + 12 * rows, "Key of a page has not its hash: ordinal=0");
  }

  private void assertLie(int at, String problem) {
    byte[] lying = good.clone();
    lying[at] ^= 0x40;
    SegmentChecksums.makeRight(lying);
    assertThat(audit(new BytesInput(lying))).anyMatch(line -> line.contains(problem));
  }

  private static byte[] write(WindowIndex index) {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < KEYS; i++) {
      byte[] payload = new byte[i % 7];
      model.add(
          ModelKey.of(i % 3, (byte) (i % 3), (byte) (i / 100), (byte) i),
          ModelRow.of(i, false, payload));
    }
    ModelKey longKey = ModelKey.of(1, (byte) 1, (byte) 50);
    for (int i = 0; i < ROWS_OF_LONG_KEY; i++) {
      model.add(longKey, ModelRow.of(i, false, new byte[i % 5]));
    }
    MemoryStorage storage = new MemoryStorage(new MemoryAccount(new BufferPool(1 << 20)));
    model.write(storage.create("s"), new SegmentOptions("t", 1024, 0, ROWS_OF_LONG_KEY, 0, index));
    return BytesInput.copyOf(storage.open("s"));
  }
}
