package io.timelog.summary;

import static io.timelog.summary.SummarizedTable.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Maintenance;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An aggregate reads few entries and few summaries, however many entries lie in its range. */
final class SummariesCostTest {
  private static final byte[] KEY = key(1);
  private static final long STEP = 10;

  /** Both edges, and the newest entries. */
  private static final int FEW_ENTRIES = 6 * RangeWalk.FEW;

  private final SplittableRandom random = new SplittableRandom(7);
  private final TimelogStore store =
      TimelogStore.builder().maintenance(Maintenance.DISABLED).build();
  private final SummarizedTable table = SummarizedTable.multimap(store);

  @AfterEach
  void close() {
    store.close();
  }

  private void fill(int entries, LongUnaryOperator timestamp) {
    for (int i = 0; i < entries; i++) {
      table.append(KEY, timestamp.applyAsLong(i), i);
    }
  }

  private void build() {
    table.aggregate(KEY, TimeRange.all());
    table.values.take();
    table.sequences.take();
  }

  private TimeRange range(long end) {
    long one = random.nextLong(end);
    long other = random.nextLong(end);
    return TimeRange.closed(Math.min(one, other), Math.max(one, other));
  }

  /** Aggregates a range for the second time, and says how many entries and summaries it read. */
  private void assertFewAreRead(TimeRange range, int summaries) {
    Sequence expected = table.scanned(KEY, range);
    assertThat(table.aggregate(KEY, range)).isEqualTo(expected);
    assertThat(table.values.take()).as("entries read for %s", range).isLessThan(FEW_ENTRIES);
    assertThat(table.sequences.take()).as("summaries read for %s", range).isLessThan(summaries);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 14, 1 << 18})
  void aRange_isReadFromTwoSummariesForEachDoublingOfTheEntries(int entries) {
    fill(entries, i -> i * STEP);
    build();

    int doublings = Integer.numberOfTrailingZeros(entries);
    for (int i = 0; i < 50; i++) {
      assertFewAreRead(range(entries * STEP), 2 * doublings);
    }
    assertFewAreRead(TimeRange.all(), 2 * doublings);
  }

  @Test
  void buildingReadsEachEntryAFewTimes() {
    fill(1 << 16, i -> i * STEP);

    table.aggregate(KEY, TimeRange.all());

    assertThat(table.values.take()).isBetween(1L << 16, 4L << 16);
  }

  @Test
  void burstsFarApart_areReadFromSummaries() {
    fill(1 << 16, i -> (i >> 10) * 86_400_000L + (i & 1023));
    build();

    for (int i = 0; i < 50; i++) {
      assertFewAreRead(range(64 * 86_400_000L), 200);
    }
  }

  @Test
  void manyEntriesOfOneTimestamp_areReadFromASummaryUnlessTheyAreAtAnEdge() {
    fill(10_000, i -> i < 5_000 ? i : i < 9_000 ? 5_000 : i);
    build();

    assertFewAreRead(TimeRange.closed(1_000, 9_500), 60);
  }

  @Test
  void appendsInOrder_takeNoSummaryBack() {
    fill(1 << 14, i -> i * STEP);
    build();
    long kept = table.blocks.liveEntries();

    fill(100, i -> (1 << 14) * STEP + i);

    assertThat(table.blocks.liveEntries()).isEqualTo(kept);
    assertFewAreRead(TimeRange.all(), 40);
  }

  @Test
  void aLateEntry_costsTheSummariesAroundIt() {
    fill(1 << 16, i -> i * STEP);
    build();

    for (int i = 0; i < 50; i++) {
      table.append(KEY, random.nextLong((1 << 16) * STEP), i);
      assertFewAreRead(TimeRange.all(), 60);
    }
  }

  @Test
  void aDelete_costsTheSummariesAroundItsEnds() {
    fill(1 << 16, i -> i * STEP);
    build();

    for (int i = 0; i < 50; i++) {
      long start = random.nextLong((1 << 16) * STEP);
      table.removeRange(KEY, TimeRange.of(start, start + 1_000));
      table.aggregate(KEY, TimeRange.all());
      assertThat(table.values.take()).as("entries read").isLessThan(20 * RangeWalk.FEW);
      assertThat(table.sequences.take()).as("summaries read").isLessThan(80);
    }
  }

  @Test
  void aRollingRange_readsFewEntriesWithEachStep() {
    long width = 100_000;
    fill(1 << 14, i -> i * STEP);
    build();
    long now = (1 << 14) * STEP;
    int steps = 2_000;
    for (int i = 0; i < steps; i++) {
      now += STEP;
      table.append(KEY, now, i);
      table.removeRange(KEY, TimeRange.until(now - width));
      TimeRange rolling = TimeRange.closed(now - width, now);
      assertThat(table.aggregate(KEY, rolling)).isEqualTo(table.scanned(KEY, rolling));
    }

    assertThat(table.values.take() / steps).as("entries for a step").isLessThan(FEW_ENTRIES);
    assertThat(table.sequences.take() / steps).as("summaries for a step").isLessThan(40);
  }

  @Test
  void aReader_readsFewEntriesOnceTheWriterMadeWhatItMissed() {
    fill(1 << 14, i -> i * STEP);
    TimeRange range = TimeRange.closed(1_000, (1 << 13) * STEP);
    Sequence expected = table.scanned(KEY, range);

    assertThat(table.read(KEY, range)).isEqualTo(expected);
    assertThat(table.values.take()).isEqualTo(expected.count());
    table.summaries.makeWanted();
    table.values.take();
    table.sequences.take();

    assertThat(table.read(KEY, range)).isEqualTo(expected);
    assertThat(table.values.take()).isLessThan(FEW_ENTRIES);
    assertThat(table.sequences.take()).isLessThan(40);
  }

  @Test
  void aKeyWithFewEntries_hasNoSummaries() {
    fill(RangeWalk.FEW, i -> i * STEP);

    assertThat(table.aggregate(KEY, TimeRange.all()))
        .isEqualTo(table.scanned(KEY, TimeRange.all()));
    assertThat(table.blocks.liveEntries()).isZero();
  }
}
