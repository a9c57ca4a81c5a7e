package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.between;
import static io.timelog.internal.segment.ModelSegment.reversed;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which keys a segment shows to a scan over a range; what it costs is the number of them. */
final class SegmentTimeIndexTest {
  private static final int ALL_GROUPS = Integer.MAX_VALUE;

  private final MemoryStorage storage =
      new MemoryStorage(new MemoryAccount(new BufferPool(256 << 20)));

  @Test
  void narrowRange_showsOnlyTheKeysThatHaveRowsInIt() {
    ModelSegment model = scattered(20_000, 2_000, 0, 1);
    Segment segment = write(model);

    for (long first = 0; first < 20_000; first += 997) {
      List<ModelKey> expected = keysInRange(model, first, first + 44);
      assertThat(keys(segment.keys(0, 0, ALL_GROUPS, first, first + 44))).isEqualTo(expected);
      assertThat(keys(segment.keys(0, 0, ALL_GROUPS, first, first + 44, Direction.BACKWARD)))
          .isEqualTo(reversed(expected));
      assertThat(expected).hasSizeBetween(40, 45);
    }
  }

  @Test
  void segmentThatIsFoundByKey_showsAllKeys() {
    ModelSegment model = scattered(2_000, 200, 0, 1);
    Segment segment = model.write(storage.create("plain"), options().withIndex(WindowIndex.KEY));

    assertThat(segment.findsByTime()).isFalse();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 100, 110)))
        .isEqualTo(List.copyOf(model.rows().keySet()));
  }

  @Test
  void ticksThatDoNotFitTheSlotsOfABlock_showFewKeysMore() {
    long tick = 1_000_003;
    ModelSegment model = scattered(20_000, 2_000, -5_000_000, tick);
    Segment segment = write(model);

    for (int row = 0; row < 19_900; row += 997) {
      long first = -5_000_000 + row * tick;
      long last = first + 44 * tick;
      List<ModelKey> shown = keys(segment.keys(0, 0, ALL_GROUPS, first, last));
      assertThat(shown)
          .containsSubsequence(keysInRange(model, first, last))
          .hasSizeLessThan(45 + 3);
    }
  }

  @Test
  void firstAndLastTimestamp_areFound() {
    ModelSegment model = scattered(3_000, 500, 70, 2);
    Segment segment = write(model);
    long last = segment.maxTimestamp();

    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 70, 70))).isEqualTo(keysInRange(model, 70, 70));
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, Long.MIN_VALUE, 72)))
        .isEqualTo(keysInRange(model, 70, 72));
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, last, last)))
        .isEqualTo(keysInRange(model, last, last));
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, last - 5, Long.MAX_VALUE)))
        .isEqualTo(keysInRange(model, last - 5, last));
  }

  @Test
  void rangeWithoutRows_showsNoKey() {
    ModelSegment model = scattered(1_000, 500, 0, 1);
    ModelKey late = ModelKey.of(0, (byte) 1, (byte) 2);
    model.add(late, ModelRow.of(100_000, false));
    Segment segment = write(model);

    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 50_000, 60_000))).isEmpty();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 50_000, 60_000, Direction.BACKWARD))).isEmpty();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, -10, -1))).isEmpty();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 100_001, 100_002))).isEmpty();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 70, 60))).isEmpty();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 60_000, 100_000))).containsExactly(late);
  }

  @Test
  void wideRange_showsAllKeysOnce() {
    ModelSegment model = scattered(5_000, 300, 0, 1);
    Segment segment = write(model);
    List<ModelKey> all = List.copyOf(model.rows().keySet());

    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 10, 4_990))).isEqualTo(all);
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 10, 4_990, Direction.BACKWARD)))
        .isEqualTo(reversed(all));
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo(all);
  }

  @Test
  void keyWithManyRowsInTheRange_isShownOnce() {
    ModelSegment model = scattered(4_000, 1_000, 0, 1);
    ModelKey busy = ModelKey.of(0, (byte) 0);
    for (int i = 0; i < 100; i++) {
      // Some at one time, as a multimap has them, and over several pages.
      model.add(busy, ModelRow.of(2_000 + i / 4, false, new byte[30]));
    }
    Segment segment = write(model);

    List<ModelKey> shown = keys(segment.keys(0, 0, ALL_GROUPS, 2_000, 2_024));

    assertThat(segment.lastPageOfKey(0)).isPositive();
    assertThat(shown).doesNotHaveDuplicates().contains(busy);
    assertThat(shown).isEqualTo(keysInRange(model, 2_000, 2_024));
  }

  @Test
  void manyKeysAtOneTime_areAllFound() {
    ModelSegment model = scattered(3_000, 3_000, 0, 1);
    for (int key = 0; key < 1_000; key++) {
      model.add(key(key, 3), ModelRow.of(1_500, false));
    }
    Segment segment = write(model);

    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 1_500, 1_500)))
        .isEqualTo(keysInRange(model, 1_500, 1_500))
        .hasSizeGreaterThanOrEqualTo(1_000);
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 1_501, 1_501)))
        .isEqualTo(keysInRange(model, 1_501, 1_501));
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 1_499, 1_499)))
        .isEqualTo(keysInRange(model, 1_499, 1_499));
  }

  @Test
  void groups_areKeptApart() {
    ModelSegment model = scattered(9_000, 900, 0, 1);
    Segment segment = write(model);
    List<ModelKey> ofGroup =
        keysInRange(model, 4_000, 4_020).stream().filter(key -> key.group() == 1).toList();

    assertThat(ofGroup).isNotEmpty();
    assertThat(keys(segment.keys(0, 1, 1, 4_000, 4_020))).isEqualTo(ofGroup);
    assertThat(keys(segment.keys(0, 1, 1, 4_000, 4_020, Direction.BACKWARD)))
        .isEqualTo(reversed(ofGroup));
    assertThat(keys(segment.keys(0, 7, 8, 4_000, 4_020))).isEmpty();
    assertThat(keys(segment.keys(0, 2, 1, 4_000, 4_020))).isEmpty();
  }

  @Test
  void allOfTime_isKeptApartAsFarAsItFits() {
    ModelSegment model = scattered(1_000, 1_000, 0, 1);
    ModelKey oldest = ModelKey.of(0, (byte) 1);
    ModelKey newest = ModelKey.of(2, (byte) 99, (byte) 99, (byte) 99, (byte) 99, (byte) 99);
    model.add(oldest, ModelRow.of(Long.MIN_VALUE, false));
    model.add(newest, ModelRow.of(Long.MAX_VALUE, false));
    Segment segment = write(model);

    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, Long.MIN_VALUE, -(1L << 60))))
        .containsExactly(oldest);
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 1L << 60, Long.MAX_VALUE)))
        .containsExactly(newest);
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 500, 501)))
        .containsSubsequence(keysInRange(model, 500, 501));
  }

  @Test
  void index_takesThreeBytesARowOrLess() {
    ModelSegment model = scattered(50_000, 5_000, 0, 1_000);

    long indexed = write(model).sizeBytes();
    long plain =
        model.write(storage.create("plain"), options().withIndex(WindowIndex.KEY)).sizeBytes();

    assertThat(indexed - plain).isBetween(2L * 50_000, 3L * 50_000);
  }

  @Test
  void segmentWithoutRows_hasNoIndex() {
    Segment segment = write(new ModelSegment());

    assertThat(segment.findsByTime()).isFalse();
    assertThat(keys(segment.keys(0, 0, ALL_GROUPS, 5, 6))).isEmpty();
  }

  @Test
  void equalRows_giveEqualBytes() {
    write(scattered(5_000, 700, 0, 11));
    ModelSegment again = scattered(5_000, 700, 0, 11);
    again.write(storage.create("again"), options());

    assertThat(BytesInput.copyOf(storage.open("again")))
        .isEqualTo(BytesInput.copyOf(storage.open("s")));
  }

  private Segment write(ModelSegment model) {
    return model.write(storage.create("s"), options());
  }

  private static SegmentOptions options() {
    return SegmentOptions.of("t", Long.MIN_VALUE, Long.MAX_VALUE)
        .withTargetPageBytes(1024)
        .withIndex(WindowIndex.KEY_AND_TIME);
  }

  /** One row a tick, of keys by chance, in three groups. */
  private static ModelSegment scattered(int rows, int keys, long first, long tick) {
    SplittableRandom random = new SplittableRandom(rows);
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < rows; i++) {
      int key = random.nextInt(keys);
      model.add(key(key, 3), ModelRow.of(first + i * tick, false, (byte) i));
    }
    return model;
  }

  private static ModelKey key(int number, int groups) {
    return ModelKey.of(number % groups, ByteBuffer.allocate(4).putInt(number).array());
  }

  private static List<ModelKey> keysInRange(ModelSegment model, long first, long last) {
    return model.rows().entrySet().stream()
        .filter(entry -> !between(entry.getValue(), first, last).isEmpty())
        .map(entry -> entry.getKey())
        .toList();
  }

  private static List<ModelKey> keys(KeyCursor cursor) {
    List<ModelKey> keys = new ArrayList<>();
    while (cursor.advance()) {
      keys.add(ModelKey.of(cursor));
    }
    assertThat(cursor.advance()).isFalse();
    return keys;
  }
}
