package io.timelog.summary;

import static io.timelog.summary.SummarizedTable.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.BusyPolicy;
import io.timelog.Codec;
import io.timelog.Codecs;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SummariesTest {
  private static final byte[] KEY = key(1);

  private final TimelogStore store =
      TimelogStore.builder()
          .maintenance(Maintenance.DISABLED)
          .memoryBudget(MemoryBudget.ofBytes(64 << 20))
          .build();
  private final SummarizedTable table = SummarizedTable.multimap(store);

  @AfterEach
  void close() {
    store.close();
  }

  private void append(long first, int count) {
    for (int i = 0; i < count; i++) {
      table.append(KEY, first + i, i);
    }
  }

  private void assertAsScanned(TimeRange... ranges) {
    for (TimeRange range : ranges) {
      Sequence expected = table.scanned(KEY, range);
      assertThat(table.aggregate(KEY, range)).as("aggregate of %s", range).isEqualTo(expected);
      assertThat(table.read(KEY, range)).as("read of %s", range).isEqualTo(expected);
    }
  }

  private Sequence afterAllIsSummarized() {
    return table.aggregate(KEY, TimeRange.all());
  }

  @Test
  void noEntries_areSummarizedAsNone() {
    assertThat(table.aggregate(KEY, TimeRange.all())).isEqualTo(Sequence.NONE);
    append(0, 1_000);
    afterAllIsSummarized();

    assertThat(table.aggregate(KEY, TimeRange.empty())).isEqualTo(Sequence.NONE);
    assertThat(table.aggregate(KEY, TimeRange.of(2_000, 3_000))).isEqualTo(Sequence.NONE);
    assertThat(table.aggregate(key(2), TimeRange.all())).isEqualTo(Sequence.NONE);
    assertThat(table.read(KEY, TimeRange.empty())).isEqualTo(Sequence.NONE);
  }

  @Test
  void oneEntry_isSummarizedWhereItIs() {
    append(5, 1);

    assertAsScanned(TimeRange.all(), TimeRange.at(5), TimeRange.at(4), TimeRange.until(5));
  }

  @Test
  void allTimestamps_haveTheirPlace() {
    for (long time : List.of(Long.MIN_VALUE, -1_000L, 0L, 1_000L, Long.MAX_VALUE - 200)) {
      append(time, 200);
    }
    table.append(KEY, Long.MAX_VALUE, 7);
    table.append(KEY, Long.MAX_VALUE, 8);
    afterAllIsSummarized();

    assertAsScanned(
        TimeRange.all(),
        TimeRange.at(Long.MIN_VALUE),
        TimeRange.at(Long.MAX_VALUE),
        TimeRange.until(-900),
        TimeRange.since(Long.MAX_VALUE - 100),
        TimeRange.closed(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1),
        TimeRange.closed(-1_000, 1_000));
    table.append(KEY, Long.MIN_VALUE, 9);
    table.append(KEY, -1, 9);
    assertAsScanned(TimeRange.all(), TimeRange.until(0));
  }

  @Test
  void manyEntriesOfOneTimestamp_areAllCounted() {
    for (int i = 0; i < 1_000; i++) {
      table.append(KEY, 50, i);
    }
    assertAsScanned(TimeRange.all(), TimeRange.at(50));
    append(51, 300);
    afterAllIsSummarized();
    table.append(KEY, 50, 1_000);

    assertAsScanned(TimeRange.all(), TimeRange.at(50), TimeRange.since(50), TimeRange.until(51));
  }

  @Test
  void anEntryThatIsOlderThanAll_isCounted() {
    append(10_000, 1_000);
    afterAllIsSummarized();

    table.append(KEY, -10_000, 1);

    assertAsScanned(TimeRange.all(), TimeRange.until(10_500), TimeRange.at(-10_000));
  }

  @Test
  void entriesThatComeBackWhereAllWasDeleted_areCounted() {
    append(0, 1_000);
    afterAllIsSummarized();
    table.removeRange(KEY, TimeRange.until(500));
    afterAllIsSummarized();

    append(100, 300);

    assertAsScanned(TimeRange.all(), TimeRange.until(400), TimeRange.of(150, 700));
  }

  @Test
  void aKeyOfWhichAllWasDeleted_keepsNothing() {
    append(0, 1_000);
    afterAllIsSummarized();

    table.removeRange(KEY, TimeRange.all());

    assertThat(table.read(KEY, TimeRange.all())).isEqualTo(Sequence.NONE);
    store.flush();
    store.compact();
    assertThat(table.blocks.liveEntries()).isZero();
  }

  @Test
  void whatLeavesByTimeKeepsNothing() {
    append(0, 1_000);
    afterAllIsSummarized();

    table.deleteBefore(2_000);
    afterAllIsSummarized();

    store.flush();
    store.compact();
    assertThat(table.blocks.liveEntries()).isZero();
  }

  @Test
  void deletesOfAllKeys_countForEachKey() {
    for (int key = 0; key < 3; key++) {
      for (int i = 0; i < 1_000; i++) {
        table.append(key(key), i, i);
      }
      table.aggregate(key(key), TimeRange.all());
    }

    table.deleteRange(TimeRange.of(300, 310));
    table.deleteBefore(100);
    append(50, 20);

    for (int key = 0; key < 3; key++) {
      assertThat(table.read(key(key), TimeRange.all()))
          .isEqualTo(table.scanned(key(key), TimeRange.all()));
      assertThat(table.aggregate(key(key), TimeRange.all()))
          .isEqualTo(table.scanned(key(key), TimeRange.all()));
    }
  }

  @Test
  void manyDeletesOfAllKeys_allCount() {
    append(0, 2_000);
    afterAllIsSummarized();
    for (int i = 0; i < 200; i++) {
      table.deleteRange(TimeRange.of(i * 10L, i * 10L + 3));
    }

    assertAsScanned(TimeRange.all(), TimeRange.of(500, 1_500));
  }

  @Test
  void aSnapshot_answersAsItsMomentWas() {
    append(0, 1_000);
    afterAllIsSummarized();
    try (Snapshot before = store.snapshot()) {
      Sequence then = table.scanned(KEY, TimeRange.all());
      table.deleteBefore(500);
      table.append(KEY, 700, 1);
      table.removeRange(KEY, TimeRange.of(800, 900));
      afterAllIsSummarized();

      assertThat(table.aggregate(KEY, TimeRange.all(), before)).isEqualTo(then);
    }
  }

  @Test
  void summariesThatDoNotFitInMemory_areDoneWithout() {
    try (TimelogStore entries = TimelogStore.builder().build();
        TimelogStore full =
            TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(1 << 20)).build()) {
      Table values = entries.createTable(TableOptions.multimap("values").build());
      Table blocks = full.createTable(Summaries.options("blocks").build());
      Summaries<Long, Sequence> summaries =
          new Summaries<>(values, blocks, Codecs.longs(), Sequence.summarizer(new LargeBytes()));
      for (int i = 0; i < 10_000; i++) {
        summaries.beforeWrite(Span.of(KEY), i);
        values.append(KEY, i, SummarizedTable.bytes(i));
      }
      Sequence expected = SummarizedTable.scanned(values, KEY, TimeRange.all());

      assertThat(summaries.aggregate(KEY, TimeRange.all())).isEqualTo(expected);
      assertThat(summaries.aggregate(KEY, TimeRange.all())).isEqualTo(expected);
    }
  }

  /** Its exceptions would be taken for those of the entries. */
  @Test
  void aStoreThatRaisesWhenItLags_isRefused() {
    try (TimelogStore raising = TimelogStore.builder().busyPolicy(BusyPolicy.RAISE).build()) {
      Table blocks = raising.createTable(Summaries.options("blocks").build());

      assertThatThrownBy(
              () ->
                  new Summaries<>(
                      table.entries,
                      blocks,
                      Codecs.longs(),
                      Sequence.summarizer(new Sequence.Bytes())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Summaries must lie in a store that does not raise when its maintenance lags. Choose"
                  + " another busyPolicy: table=blocks, busyPolicy=RAISE");
    }
  }

  @Test
  void aCodecThatWritesLessThanItSaid_isRefused() {
    Table blocks = store.createTable(Summaries.options("others").build());
    Summaries<Long, Sequence> summaries =
        new Summaries<>(
            table.entries, blocks, Codecs.longs(), Sequence.summarizer(new ShortBytes()));
    append(0, 1_000);

    assertThatThrownBy(() -> summaries.aggregate(KEY, TimeRange.all()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The codec of a summary wrote less than it said: size=25, written=24");
  }

  /** A codec that makes 64 KiB of each. */
  private static final class LargeBytes implements Codec<Sequence> {
    private final Codec<Sequence> codec = new Sequence.Bytes();

    @Override
    public int size(Sequence sequence) {
      return 64 << 10;
    }

    @Override
    public void write(Sequence sequence, ByteBuffer target) {
      codec.write(sequence, target);
      target.position(target.limit());
    }

    @Override
    public Sequence read(ByteBuffer source) {
      return codec.read(source);
    }
  }

  /** A codec that says one byte too many. */
  private static final class ShortBytes implements Codec<Sequence> {
    private final Codec<Sequence> codec = new Sequence.Bytes();

    @Override
    public int size(Sequence sequence) {
      return codec.size(sequence) + 1;
    }

    @Override
    public void write(Sequence sequence, ByteBuffer target) {
      codec.write(sequence, target);
    }

    @Override
    public Sequence read(ByteBuffer source) {
      return codec.read(source);
    }
  }
}
