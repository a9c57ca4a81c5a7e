package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.TimeIndexFormat;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Damage is reported by whoever reads it, and by nobody else: of sections when the segment is
 * opened, of a page or a block by those who need it, while the others go on. Every bit of a segment
 * that has all parts is tried.
 */
final class SegmentDamageTest {
  private static final int KEYS = 520;
  private static final int ROWS = 4 * KEYS;

  private final BytesInput input = new BytesInput(write());
  private final Footer footer =
      FooterFormat.decode(input.read(input.length() - FooterFormat.BYTES, FooterFormat.BYTES));

  @Test
  void flippedBitOfASection_isReportedByOpening() {
    assertAllReported(0, footer.header().end(), Segment::open);
    assertAllReported(footer.keyIndexDirectory().offset(), input.length(), Segment::open);
  }

  @Test
  void flippedBitOfAPage_isReportedByReadingIt() {
    Segment good = Segment.open(input);
    assertThat(good.pageCount()).isGreaterThan(3);
    long offset = footer.header().end();
    for (int page = 0; page < good.pageCount(); page++) {
      int damaged = page;
      int other = (page + 1) % good.pageCount();
      int length = good.page(page).payload().capacity();
      assertAllReported(
          offset,
          offset + length,
          bytes -> {
            Segment segment = Segment.open(bytes);
            assertThat(segment.page(other).rowCount()).isPositive();
            segment.page(damaged);
          });
      offset += length;
    }
    assertThat(offset).isEqualTo(footer.keyIndex());
  }

  @Test
  void flippedBitOfABlockOfTheKeyIndex_isReportedByALookupOfAKeyThatItHas() {
    ByteBuffer directory = section(footer.keyIndexDirectory());
    assertThat(BlockDirectoryFormat.blockCount(directory)).isEqualTo(2);
    for (int block = 0; block < 2; block++) {
      ModelKey damaged = keyOfBlock(block);
      ModelKey other = keyOfBlock(1 - block);
      assertAllReported(
          footer.keyIndex() + BlockDirectoryFormat.start(directory, block),
          footer.keyIndex() + BlockDirectoryFormat.end(directory, block),
          bytes -> {
            Segment segment = Segment.open(bytes);
            assertThat(segment.contains(other.key())).isTrue();
            segment.contains(damaged.key());
          });
    }
  }

  @Test
  void flippedBitOfABlockOfTheTimeIndex_isReportedByAScanOfItsTimes() {
    ByteBuffer directory = section(footer.timeIndexDirectory());
    ByteBuffer blocks = TimeIndexFormat.blocks(directory);
    assertThat(BlockDirectoryFormat.blockCount(blocks)).isEqualTo(2);
    for (int block = 0; block < 2; block++) {
      // One row a tick, from 0 on.
      long damaged = timeOfBlock(directory, block);
      long other = timeOfBlock(directory, 1 - block);
      assertAllReported(
          footer.timeIndex() + BlockDirectoryFormat.start(blocks, block),
          footer.timeIndex() + BlockDirectoryFormat.end(blocks, block),
          bytes -> {
            Segment segment = Segment.open(bytes);
            assertThat(keysAt(segment, other)).isEqualTo(1);
            keysAt(segment, damaged);
          });
    }
  }

  private static long timeOfBlock(ByteBuffer directory, int block) {
    return TimeIndexFormat.firstTime(directory, block * TimeIndexFormat.STRIPS_OF_BLOCK) + 1;
  }

  @Test
  void opening_readsSectionsOnly() {
    Segment.open(input);
    int reads = input.reads();
    Segment segment = Segment.open(input);

    // Footer and its end, header, seven more sections.
    assertThat(input.reads() - reads).isLessThanOrEqualTo(9);
    assertThat(segment.keyCount()).isEqualTo(KEYS);
  }

  @Test
  void absentKeys_readNothing_butForTheFewThatTheFilterLetsPass() {
    Segment segment = Segment.open(input);
    int opened = input.reads();

    for (int i = KEYS; i < 60_000; i++) {
      assertThat(segment.contains(key(i).key())).isFalse();
    }

    // Both blocks, once each, and no page, unless two keys have one hash.
    assertThat(input.reads() - opened).isLessThanOrEqualTo(2);
  }

  @Test
  void presentKey_readsABlockAndAPage_once() {
    Segment segment = Segment.open(input);
    int opened = input.reads();

    assertThat(segment.contains(key(7).key())).isTrue();
    assertThat(input.reads() - opened).isEqualTo(2);
    assertThat(segment.contains(key(7).key())).isTrue();
    assertThat(input.reads() - opened).isEqualTo(2);
  }

  /** Flips each bit of {@code [from, to)}, one at a time. */
  private void assertAllReported(long from, long to, Consumer<BytesInput> reader) {
    assertThat(to).isGreaterThan(from);
    for (long bit = Byte.SIZE * from; bit < Byte.SIZE * to; bit++) {
      input.flip((int) bit);
      Throwable thrown = catchThrowable(() -> reader.accept(input));
      input.flip((int) bit);
      assertThat(thrown)
          .as("bit %s of byte %s", bit % Byte.SIZE, bit / Byte.SIZE)
          .isInstanceOfSatisfying(
              TimelogCorruptionException.class,
              e -> assertThat(e.offset()).isBetween(0L, input.length()));
    }
  }

  private ByteBuffer section(FooterFormat.Place place) {
    return input.read(place.offset(), place.length());
  }

  private static int keysAt(Segment segment, long timestamp) {
    KeyCursor keys = segment.keys(0, 0, 9, timestamp, timestamp);
    int count = 0;
    while (keys.advance()) {
      assertThat(drain(keys.rows(timestamp, timestamp))).hasSize(1);
      count++;
    }
    return count;
  }

  private ModelKey keyOfBlock(int block) {
    int i = 0;
    while (KeyIndexFormat.block(KeyIndexFormat.bucket(key(i).key().hash(), footer.bucketBits()))
        != block) {
      i++;
    }
    return key(i);
  }

  private static ModelKey key(int number) {
    return ModelKey.of(0, (byte) (number >>> 8), (byte) number);
  }

  /** Many keys for their size: a filter, and two blocks of each index. */
  private static byte[] write() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < ROWS; i++) {
      model.add(key(i % KEYS), ModelRow.of(i * 7L % ROWS, false));
    }
    assertThat(model.rows()).hasSize(KEYS);
    assertThat(model.allRows().map(ModelRow::timestamp).distinct()).hasSize(ROWS);
    MemoryStorage storage = new MemoryStorage(new MemoryAccount(new BufferPool(1 << 20)));
    model.write(
        storage.create("s"), new SegmentOptions("t", 4096, 0, ROWS, 0, WindowIndex.KEY_AND_TIME));
    return BytesInput.copyOf(storage.open("s"));
  }
}
