package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.between;
import static io.timelog.internal.segment.ModelSegment.drain;
import static io.timelog.internal.segment.ModelSegment.reversed;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A segment answers as a sorted map of the same rows does. Rerun one case with {@code
 * -Dseed=<seed>}.
 */
final class SegmentModelTest {
  private static final int CASES = 150;

  private static final MemoryAccount MEMORY = new MemoryAccount(new BufferPool(1 << 30));

  /** One for all cases, so that each is written over the memory of those before. */
  private static final MemoryStorage STORAGE = new MemoryStorage(MEMORY);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.range(0, CASES) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void segment_answersAsASortedMapDoes(long seed) {
    Random random = new Random(seed);
    Shape shape = Shape.random(random);
    ModelSegment model = shape.model(random);
    Segment segment =
        model.write(
            STORAGE.create("s"),
            SegmentOptions.of("t", Long.MIN_VALUE, Long.MAX_VALUE)
                .withTargetPageBytes(shape.targetPageBytes)
                .withIndex(seed % 2 == 0 ? WindowIndex.KEY : WindowIndex.KEY_AND_TIME));

    checkCounts(segment, model);
    checkPages(segment, shape.targetPageBytes);
    for (int i = 0; i < 4; i++) {
      long first = shape.timestamp(random);
      long last = shape.timestamp(random);
      checkKeys(segment, model, random, first, last);
      checkKeysInRange(segment, model, random, first, last);
      checkKeysInRange(segment, model, random, first, first);
      checkTimestamps(segment, model, first, last);
    }
    checkKeys(segment, model, random, Long.MIN_VALUE, Long.MAX_VALUE);
    checkFinds(segment, model, shape, random);
    checkAbsentKeys(segment, model, shape, random);

    segment.delete();
    segment.close();
    assertThat(MEMORY.usedBytes()).isZero();
  }

  private static void checkCounts(Segment segment, ModelSegment model) {
    List<ModelRow> rows = model.allRows().toList();
    assertThat(segment.rowCount()).isEqualTo(rows.size());
    assertThat(segment.keyCount()).isEqualTo(model.rows().size());
    long tombstones = rows.stream().filter(ModelRow::tombstone).count();
    assertThat(segment.tombstoneCount()).isEqualTo(tombstones);
    assertThat(segment.entryCount()).isEqualTo(rows.size() - tombstones);
    assertThat(segment.hasTombstones()).isEqualTo(tombstones > 0);
    assertThat(segment.minTimestamp())
        .isEqualTo(rows.stream().mapToLong(ModelRow::timestamp).min().orElse(Long.MAX_VALUE));
    assertThat(segment.maxTimestamp())
        .isEqualTo(rows.stream().mapToLong(ModelRow::timestamp).max().orElse(Long.MIN_VALUE));
  }

  private static void checkPages(Segment segment, int targetPageBytes) {
    for (int i = 0; i < segment.pageCount(); i++) {
      Page page = segment.page(i);
      if (page.rowCount() > 1) {
        assertThat(page.payload().capacity()).isLessThanOrEqualTo(targetPageBytes);
      }
      if (segment.firstPageOfKey(i) != i || segment.lastPageOfKey(i) != i) {
        assertThat(page.keyCount()).as("keys of page %s of a long key", i).isEqualTo(1);
      }
      assertThat(segment.minTimestamp(i)).isEqualTo(page.minTimestamp());
      assertThat(segment.maxTimestamp(i)).isEqualTo(page.maxTimestamp());
      for (int row = 0; row < page.rowCount(); row++) {
        assertThat(page.timestamp(row)).isBetween(page.minTimestamp(), page.maxTimestamp());
        assertThat(page.timestamps().get(row)).isEqualTo(page.timestamp(row));
      }
    }
  }

  private static void checkTimestamps(Segment segment, ModelSegment model, long first, long last) {
    LongSummaryStatistics inRange =
        between(model.allRows().toList(), first, last).stream()
            .mapToLong(ModelRow::timestamp)
            .summaryStatistics();
    if (inRange.getCount() == 0) {
      assertThat(segment.firstTimestamp(0, first, last, Direction.FORWARD)).isEmpty();
      assertThat(segment.firstTimestamp(0, first, last, Direction.BACKWARD)).isEmpty();
    } else {
      assertThat(segment.firstTimestamp(0, first, last, Direction.FORWARD))
          .hasValue(inRange.getMin());
      assertThat(segment.firstTimestamp(0, first, last, Direction.BACKWARD))
          .hasValue(inRange.getMax());
    }
  }

  private static void checkKeys(
      Segment segment, ModelSegment model, Random random, long first, long last) {
    int firstGroup = random.nextInt(6);
    int lastGroup = random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(6);
    List<Map.Entry<ModelKey, List<ModelRow>>> expected =
        model.rows().entrySet().stream()
            .filter(entry -> firstGroup <= entry.getKey().group())
            .filter(entry -> entry.getKey().group() <= lastGroup)
            .map(entry -> Map.entry(entry.getKey(), between(entry.getValue(), first, last)))
            .toList();

    assertThat(drain(segment.keys(0, firstGroup, lastGroup), first, last)).isEqualTo(expected);
    assertThat(
            drain(
                segment.keys(
                    0, firstGroup, lastGroup, Long.MIN_VALUE, Long.MAX_VALUE, Direction.BACKWARD),
                first,
                last))
        .isEqualTo(reversed(expected));
  }

  private static void checkKeysInRange(
      Segment segment, ModelSegment model, Random random, long first, long last) {
    int firstGroup = random.nextInt(3);
    int lastGroup = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(6);
    List<Map.Entry<ModelKey, List<ModelRow>>> expected =
        model.rows().entrySet().stream()
            .filter(entry -> firstGroup <= entry.getKey().group())
            .filter(entry -> entry.getKey().group() <= lastGroup)
            .map(entry -> Map.entry(entry.getKey(), between(entry.getValue(), first, last)))
            .filter(entry -> !entry.getValue().isEmpty())
            .toList();

    assertThat(drain(segment.keys(0, firstGroup, lastGroup, first, last), first, last))
        .filteredOn(entry -> !entry.getValue().isEmpty())
        .isEqualTo(expected);
    assertThat(
            drain(
                segment.keys(0, firstGroup, lastGroup, first, last, Direction.BACKWARD),
                first,
                last))
        .filteredOn(entry -> !entry.getValue().isEmpty())
        .isEqualTo(reversed(expected));
  }

  private static void checkFinds(Segment segment, ModelSegment model, Shape shape, Random random) {
    for (ModelKey key : model.rows().keySet()) {
      checkFind(segment, model, key, Long.MIN_VALUE, Long.MAX_VALUE);
      checkFind(segment, model, key, shape.timestamp(random), shape.timestamp(random));
      long timestamp = shape.timestamp(random);
      checkFind(segment, model, key, timestamp, timestamp);
    }
  }

  private static void checkFind(
      Segment segment, ModelSegment model, ModelKey key, long first, long last) {
    List<ModelRow> expected = model.find(key, first, last);
    assertThat(segment.contains(key.key())).isTrue();
    assertThat(drain(segment.find(key.key(), 0, first, last))).isEqualTo(expected);
    assertThat(drain(segment.find(key.key(), 0, first, last, Direction.BACKWARD)))
        .isEqualTo(reversed(expected));
    assertThat(segment.countRows(key.key(), first, last)).isEqualTo(expected.size());
    assertThat(segment.hasRows(key.key(), 0, first, last)).isEqualTo(!expected.isEmpty());
  }

  private static void checkAbsentKeys(
      Segment segment, ModelSegment model, Shape shape, Random random) {
    for (int i = 0; i < 100; i++) {
      ModelKey key = ModelKey.of(random.nextInt(6), shape.key(random));
      if (!model.rows().containsKey(key)) {
        assertThat(segment.contains(key.key())).isFalse();
        assertThat(segment.find(key.key(), 0, Long.MIN_VALUE, Long.MAX_VALUE)).isNull();
        assertThat(segment.find(key.key(), 0, Long.MIN_VALUE, Long.MAX_VALUE, Direction.BACKWARD))
            .isNull();
        assertThat(segment.countRows(key.key(), Long.MIN_VALUE, Long.MAX_VALUE)).isZero();
        assertThat(segment.hasRows(key.key(), 0, Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
      }
    }
  }

  /** What kind of rows a case has. */
  private record Shape(
      int targetPageBytes,
      int keys,
      int maxKeyLength,
      boolean oneKeyLength,
      int groups,
      int maxRowsOfKey,
      int longKeys,
      int maxPayloadLength,
      boolean onePayloadLength,
      int tombstonesPerCent,
      long timestampSpread) {

    static Shape random(Random random) {
      return new Shape(
          pick(random, 128, 200, 256, 500, 1024, 4096, 65536),
          pick(random, 0, 1, 2, 10, 100, 400),
          pick(random, 0, 1, 2, 8, 20, 300),
          random.nextBoolean(),
          pick(random, 1, 1, 2, 5),
          pick(random, 1, 1, 2, 10, 50),
          pick(random, 0, 0, 1, 3),
          pick(random, 0, 1, 8, 16, 70, 600),
          random.nextBoolean(),
          pick(random, 0, 0, 1, 30, 100),
          random.nextInt(3) == 0 ? Long.MAX_VALUE : pick(random, 1, 3, 100, 100_000));
    }

    ModelSegment model(Random random) {
      ModelSegment model = new ModelSegment();
      for (int i = 0; i < keys; i++) {
        ModelKey key = ModelKey.of(random.nextInt(groups), key(random));
        int rows = 1 + random.nextInt(maxRowsOfKey) + (i < longKeys ? 1000 : 0);
        for (int row = 0; row < rows; row++) {
          byte[] payload =
              new byte[onePayloadLength ? maxPayloadLength : random.nextInt(maxPayloadLength + 1)];
          random.nextBytes(payload);
          boolean tombstone = random.nextInt(100) < tombstonesPerCent;
          model.add(key, ModelRow.of(timestamp(random), tombstone, payload));
        }
      }
      return model;
    }

    byte[] key(Random random) {
      byte[] key = new byte[oneKeyLength ? maxKeyLength : random.nextInt(maxKeyLength + 1)];
      random.nextBytes(key);
      return key;
    }

    long timestamp(Random random) {
      if (timestampSpread == Long.MAX_VALUE) {
        return switch (random.nextInt(10)) {
          case 0 -> Long.MIN_VALUE;
          case 1 -> Long.MAX_VALUE;
          default -> random.nextLong();
        };
      }
      return random.nextInt((int) timestampSpread) - timestampSpread / 2;
    }

    private static int pick(Random random, int... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
