package io.timelog.internal.memtable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that take the place of all others of their key and timestamp. */
class RowReplacementTest {
  private static final Key KEY = Key.of(new byte[] {1}, 0);
  private static final Key OTHER_KEY = Key.of(new byte[] {2}, 0);
  private static final long LAST = 1 << 20;
  private static final long BUDGET = 4 << 20;

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(BUDGET));
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private MemtableWindow window = window(WindowIndex.KEY);

  private MemtableWindow window(WindowIndex index) {
    return new MemtableWindow(0, LAST, 0, KeyGroups.NONE, index, pool, null);
  }

  @AfterEach
  void giveBack() {
    window.free();
    assertThat(pool.usedBytes()).isZero();
  }

  /** What there is before: rows of the timestamp 5, and as many at each time around it. */
  static Stream<Arguments> beforeAndAfter() {
    int[] counts = {0, 1, 2, 30, 400, 5_000};
    return Arrays.stream(counts)
        .boxed()
        .flatMap(
            around ->
                Arrays.stream(counts)
                    .boxed()
                    .flatMap(
                        before ->
                            IntStream.of(1, 2, 3, 100, 3_000)
                                .mapToObj(after -> Arguments.of(around, before, after))));
  }

  @ParameterizedTest(name = "{0} rows around, {1} rows before, {2} after")
  @MethodSource("beforeAndAfter")
  void rowsOfAMultimap_takeThePlaceOfThoseOfTheirTimestamp(int around, int before, int after) {
    for (long time : new long[] {4, 5, 6}) {
      appendRows(time, time == 5 ? before : around, 8);
    }
    List<String> below = rows(0, 4, moment.version());
    List<String> above = rows(6, LAST, moment.version());

    replace(Rule.MULTIMAP, list(5, after, 8));

    assertThat(rows(5, 5, moment.version())).isEqualTo(texts(5, after, 8));
    assertThat(rows(0, 4, moment.version())).isEqualTo(below);
    assertThat(rows(6, LAST, moment.version())).isEqualTo(above);
    assertThat(window.rowCount()).isEqualTo(2 * around + after);
    appendRows(5, 1, 8);
    assertThat(rows(5, 5, moment.version())).hasSize(after + 1);
  }

  @ParameterizedTest(name = "{0} rows around, {1} rows before, {2} after")
  @MethodSource("beforeAndAfter")
  void readerOfBefore_seesTheRowsThatWereThere(int around, int before, int after) {
    for (long time : new long[] {4, 5, 6}) {
      appendRows(time, time == 5 ? before : around, time == 5 ? 9 : 8);
    }
    List<String> then = rows(0, LAST, moment.version());
    long version = readerComes();

    replace(Rule.MULTIMAP, list(5, after, 8));
    assertThat(rows(0, LAST, version)).isEqualTo(then);
    replace(Rule.MULTIMAP, list(5, after + 1, 8));

    assertThat(rows(0, LAST, version)).isEqualTo(then);
    assertThat(rows(5, 5, moment.version())).hasSize(after + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 300, 4_000})
  void rowsOfAMap_areInTheOrderOfSubkeys_andOfEachTheLastCounts(int subkeys) {
    Rows batch = new Rows(5);
    for (int i = 0; i < 3 * subkeys; i++) {
      int number = (int) (i * 7_919L % subkeys);
      batch.add(subkey(number), ("v" + i).getBytes(UTF_8));
    }
    window.put(KEY, row.mapEntry(5, span("00000"), new byte[3], 0, 3), moment);
    window.put(KEY, row.mapEntry(6, span("00001"), new byte[3], 0, 3), moment);

    replace(Rule.MAP, batch);

    assertThat(rows(5, 5, moment.version())).hasSize(subkeys);
    for (int i = 2 * subkeys; i < 3 * subkeys; i++) {
      int number = (int) (i * 7_919L % subkeys);
      assertThat(window.rows().get(KEY, moment.version(), 5, Span.of(subkey(number))))
          .isEqualTo(("v" + i).getBytes(UTF_8));
    }
    assertThat(window.rows().get(KEY, moment.version(), 6, span("00001"))).isNotNull();
    assertThat(window.rowCount()).isEqualTo(subkeys + 1);
  }

  /**
   * The index leads to a chunk by a subkey that is not the first that an earlier reader looks for.
   */
  @Test
  void readerOfBefore_findsSubkeysThatComeBeforeThoseThatAreThereNow() {
    window.replaceAll(Rule.MAP, KEY, null, map(4, 0, 3_000, 60), moment);
    window.replaceAll(Rule.MAP, KEY, null, map(5, 0, 3_000, 60), moment);
    window.replaceAll(Rule.MAP, KEY, null, map(6, 0, 3_000, 60), moment);
    for (int round = 0; round < 4; round++) {
      window.put(KEY, row.mapEntry(6, span("zz" + round), new byte[60], 0, 60), moment);
    }
    long version = readerComes();

    replace(Rule.MAP, map(5, 2_000, 1_000, 60));

    for (int number = 0; number < 3_000; number++) {
      for (long time = 4; time <= 6; time++) {
        assertThat(window.rows().get(KEY, version, time, Span.of(subkey(number)))).isNotNull();
      }
      assertThat(window.rows().get(KEY, moment.version(), 5, Span.of(subkey(number))) != null)
          .isEqualTo(number >= 2_000);
    }
    window.put(KEY, row.mapEntry(5, span("00001"), new byte[60], 0, 60), moment);
    assertThat(rows(5, 5, moment.version())).hasSize(1_001).isSorted();
  }

  @Test
  void tombstone_comesBeforeTheRows_andIsReplacedWithThem() {
    row.rangeTombstone(5, 9);
    window.replaceAll(Rule.MAP, KEY, row, map(5, 0, 3, 8), moment);
    assertThat(window.rows().rangeReach()).isNotEqualTo(RangeReach.NO_RANGES);
    assertThat(window.rowCount()).isEqualTo(4);
    assertThat(window.liveRows()).isEqualTo(3);
    RowCursor first = window.rows().find(KEY, moment.version(), 5, 5);
    assertThat(first != null && first.advance() && first.isTombstone()).isTrue();

    replace(Rule.MAP, map(5, 0, 2, 8));

    assertThat(window.rowCount()).isEqualTo(2);
    assertThat(window.liveRows()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void listThatIsReplacedOverAndOver_takesNoMoreMemory(WindowIndex index) {
    window.free();
    window = window(index);
    for (int i = 0; i < 100; i++) {
      replace(Rule.MULTIMAP, list(5, 60 + i % 41, 8));
    }
    long blocks = window.blockBytes();
    long bytes = window.bytes();

    for (int i = 0; i < 100_000; i++) {
      replace(Rule.MULTIMAP, list(5, 60 + i % 41, 8));
    }

    assertThat(window.blockBytes()).isEqualTo(blocks);
    assertThat(window.bytes()).isEqualTo(bytes);
  }

  @Test
  void indexOfTime_findsAllRowsThatWereReplaced() {
    window.free();
    window = window(WindowIndex.KEY_AND_TIME);
    for (int count : new int[] {1, 3, 1, 0, 1, 2, 200, 1, 5_000, 2}) {
      window.append(OTHER_KEY, row.entry(7, new byte[8], 0, 8), moment);
      if (count == 0) {
        window.removeRange(KEY, 5, 5, moment);
      } else {
        replace(Rule.MULTIMAP, list(5, count, 8));
      }
      int seen = 0;
      var keys = window.rows().keys(moment.version(), 0, Integer.MAX_VALUE, 5, 6);
      while (keys.advance()) {
        RowCursor found = keys.rows(5, 6);
        while (found.advance()) {
          seen++;
        }
      }
      assertThat(seen).isEqualTo(count);
    }
  }

  /** Some of what it needs is there, so that it ends in the middle. */
  @ParameterizedTest(name = "{0} rows before")
  @ValueSource(ints = {0, 1, 50, 5_000})
  void refusedReplacement_changesNothing_andLeavesNothing(int before) {
    appendRows(4, before, 8);
    appendRows(5, before, 8);
    List<String> then = rows(0, LAST, moment.version());
    long used = pool.usedBytes();
    long blocks = window.blockBytes();
    Rows batch = list(5, 60_000, 60);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> replace(Rule.MULTIMAP, batch))
          .isInstanceOfSatisfying(
              MemoryBudgetExceededException.class,
              refused -> assertThat(refused.requestedBytes()).isGreaterThan(60_000 * 60));
      assertThat(pool.usedBytes()).isEqualTo(used);
      assertThat(window.blockBytes()).isEqualTo(blocks);
      assertThat(rows(0, LAST, moment.version())).isEqualTo(then);
      assertThat(window.rowCount()).isEqualTo(2 * before);
    }
    replace(Rule.MULTIMAP, list(5, 1_000, 60));
    assertThat(rows(5, 5, moment.version())).hasSize(1_000);
  }

  @Test
  void replacementLargerThanTheBudget_isRefusedAsThat() {
    assertThatThrownBy(() -> replace(Rule.MULTIMAP, list(5, 3, (int) BUDGET / 2)))
        .isInstanceOfSatisfying(
            MemoryBudgetExceededException.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(MemoryBudgetExceededException.Reason.LARGER_THAN_BUDGET));
    assertThat(window.keyCount()).isZero();
  }

  /** A batch of a stranger. */
  @ParameterizedTest(name = "{0} rows before")
  @ValueSource(ints = {0, 1, 50, 5_000})
  void batchThatThrows_changesNothing_andLeavesNothing(int before) {
    appendRows(4, before, 8);
    appendRows(5, before, 8);
    List<String> then = rows(0, LAST, moment.version());
    int asked = 0;
    while (true) {
      long used = pool.usedBytes();
      long blocks = window.blockBytes();
      ThrowingRows batch = new ThrowingRows(list(5, 6_000, 8), asked);
      try {
        replace(Rule.MULTIMAP, batch);
        break;
      } catch (IllegalStateException stranger) {
        assertThat(pool.usedBytes()).isEqualTo(used);
        assertThat(window.blockBytes()).isEqualTo(blocks);
        assertThat(rows(0, LAST, moment.version())).isEqualTo(then);
      }
      asked += 997;
    }
    assertThat(asked).isGreaterThan(6_000);
    assertThat(rows(5, 5, moment.version())).hasSize(6_000);
  }

  /** Throws when it is asked for a value more often than so many times. */
  private static final class ThrowingRows implements RowBatch {
    private final Rows rows;
    private int left;

    ThrowingRows(Rows rows, int answers) {
      this.rows = rows;
      this.left = answers;
    }

    @Override
    public long timestamp() {
      return rows.timestamp();
    }

    @Override
    public int size() {
      return rows.size();
    }

    @Override
    public int valueLength() {
      return UNLIKE;
    }

    @Override
    public Span values() {
      return rows.values();
    }

    @Override
    public Span subkey(int number) {
      return rows.subkey(number);
    }

    @Override
    public Span value(int number) {
      if (left-- == 0) {
        throw new IllegalStateException("stranger");
      }
      return rows.value(number);
    }
  }

  private void replace(Rule rule, RowBatch batch) {
    window.replaceAll(rule, KEY, null, batch, moment);
  }

  private void appendRows(long time, int count, int valueBytes) {
    for (int i = 0; i < count; i++) {
      byte[] value = value(time, i, valueBytes);
      window.append(KEY, row.entry(time, value, 0, value.length), moment);
    }
  }

  private static Rows list(long time, int count, int valueBytes) {
    Rows batch = new Rows(time);
    for (int i = 0; i < count; i++) {
      batch.add(new byte[0], value(time, i, valueBytes));
    }
    return batch;
  }

  private static List<String> texts(long time, int count, int valueBytes) {
    return IntStream.range(0, count)
        .mapToObj(i -> time + " " + new String(value(time, i, valueBytes), UTF_8))
        .toList();
  }

  private static Rows map(long time, int first, int count, int valueBytes) {
    Rows batch = new Rows(time);
    for (int i = first; i < first + count; i++) {
      batch.add(subkey(i), new byte[valueBytes]);
    }
    return batch;
  }

  private static byte[] value(long time, int number, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) 'x');
    byte[] text = (time + "-" + number).getBytes(UTF_8);
    System.arraycopy(text, 0, value, 0, Math.min(bytes, text.length));
    return value;
  }

  private static byte[] subkey(int number) {
    return String.format("%05d", number).getBytes(UTF_8);
  }

  private static Span span(String text) {
    return Span.of(text.getBytes(UTF_8));
  }

  /** A reader is open from now on; returns its version. */
  private long readerComes() {
    long version = moment.version();
    moment.withReaders(0, version);
    moment.atVersion(version + 1);
    return version;
  }

  private List<String> rows(long from, long to, long version) {
    List<String> found = new ArrayList<>();
    @Nullable RowCursor cursor = window.rows().find(KEY, version, from, to);
    while (cursor != null && cursor.advance()) {
      byte[] payload = new byte[cursor.payloadLength()];
      cursor.payload().get(cursor.payloadOffset(), payload);
      found.add(cursor.timestamp() + " " + new String(payload, UTF_8));
    }
    return found;
  }
}
