package io.timelog.internal.memtable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.WindowIndex;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are taken out of their chunks, and what that takes and gives back. */
class RowRemovalTest {
  private static final Key KEY = Key.of(new byte[] {1}, 0);
  private static final long LAST = 1 << 20;

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(64 << 20));
  private final MemtableWindow window =
      new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null);
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();

  @AfterEach
  void giveBack() {
    window.free();
  }

  @Test
  void rowAmongOthers_isTakenOut_inPlace() {
    fill(20, 16);
    long before = window.bytes();

    assertThat(remove(7)).isTrue();
    assertThat(remove(7)).isFalse();
    assertThat(remove(20)).isFalse();

    assertThat(times(moment.version())).hasSize(19).doesNotContain(7L);
    assertThat(window.bytes()).isEqualTo(before);
    assertThat(window.rowCount()).isEqualTo(19);
    assertThat(window.hasTombstones()).isFalse();
  }

  @ParameterizedTest(name = "values of {0} bytes")
  @ValueSource(ints = {0, 16, 300, 20_000})
  void onlyRowOfAKey_isTakenOut_andComesBack(int valueBytes) {
    for (int i = 0; i < 1_000; i++) {
      put(5, valueBytes);
      assertThat(remove(5)).isTrue();
      assertThat(times(moment.version())).isEmpty();
    }

    assertThat(window.rowCount()).isZero();
    assertThat(window.blockBytes()).isLessThan(1_000);
  }

  @Test
  void wrongSubkey_isNotTakenOut() {
    putSubkey(3, "a");
    putSubkey(3, "b");

    assertThat(removeSubkey(3, "c")).isFalse();
    assertThat(removeSubkey(3, "a")).isTrue();

    assertThat(window.rows().get(KEY, 0, 3, span("a"))).isNull();
    assertThat(window.rows().get(KEY, 0, 3, span("b"))).isNotNull();
  }

  @Test
  void readerOfBefore_seesTheRowThatWasTakenOut() {
    fill(20, 16);
    long version = readerComes();

    assertThat(remove(7)).isTrue();
    assertThat(removeRange(10, 12)).isEqualTo(3);

    assertThat(times(version)).hasSize(20);
    assertThat(times(moment.version())).hasSize(16).doesNotContain(7L, 10L, 11L, 12L);
  }

  @Test
  void rowsThatReadersSee_areTakenOut_withinTheEstimate() {
    SplittableRandom random = new SplittableRandom(1);
    fill(2_000, 60);
    for (int i = 0; i < 300; i++) {
      readerComes();
      long from = random.nextInt(2_000);
      long to = from + random.nextInt(10);
      long estimate = window.bytesToRemove(KEY, from, to, null, moment);
      long before = pool.allocatedBytes();

      removeRange(from, to);

      assertThat(pool.allocatedBytes() - before).isLessThanOrEqualTo(estimate);
    }
  }

  @ParameterizedTest(name = "values of {0} bytes")
  @ValueSource(ints = {0, 16, 300, 20_000})
  void chosenEntries_areTakenOutOfAllKeys_eachAskedForOnce(int valueBytes) {
    List<Long> asked = new ArrayList<>();
    fill(500, valueBytes);
    long version = readerComes();

    BitSet selected =
        window.select(
            (key, entry) -> {
              assertThat(key.bytes()).startsWith(KEY.bytes());
              asked.add(entry.timestamp());
              return entry.timestamp() % 7 < 3 || entry.timestamp() > 400;
            });
    assertThat(times(moment.version())).hasSize(500);
    window.removeEntries(selected, moment);

    assertThat(asked).doesNotHaveDuplicates().hasSize(500);
    assertThat(times(version)).hasSize(500);
    assertThat(times(moment.version()))
        .containsExactlyElementsOf(
            LongStream.range(0, 401).filter(time -> time % 7 >= 3).boxed().toList());
  }

  @Test
  void chunksThatAreEmptied_areUnlinked() {
    fill(5_000, 100);
    long full = window.blockBytes();

    assertThat(removeRange(0, 2_499)).isEqualTo(2_500);
    assertThat(window.blockBytes()).isLessThan(full * 6 / 10);
    assertThat(removeRange(2_500, 4_998)).isEqualTo(2_499);

    assertThat(window.blockBytes()).isLessThan(20 << 10);
    assertThat(times(moment.version())).containsExactly(4_999L);
  }

  @Test
  void chunkOfWhichLittleIsLeft_getsSmaller() {
    fill(40, 100);
    long full = window.blockBytes();

    for (int i = 0; i < 38; i++) {
      remove(i);
    }

    assertThat(window.blockBytes()).isLessThan(full / 4);
    assertThat(times(moment.version())).containsExactly(38L, 39L);
  }

  @Test
  void rowsOfManyLengths_areTakenOutInAnyOrder() {
    SplittableRandom random = new SplittableRandom(2);
    int count = 3_000;
    for (int i = 0; i < count; i++) {
      put(i, random.nextInt(400));
    }
    List<Integer> left = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    while (left.size() > 5) {
      int time = left.remove(random.nextInt(left.size()));
      assertThat(remove(time)).isTrue();
    }

    assertThat(times(moment.version()))
        .containsExactlyElementsOf(left.stream().map(Integer::longValue).toList());
    assertThat(window.rowCount()).isEqualTo(5);
    assertThat(window.blockBytes()).isLessThan(16 << 10);
  }

  @Test
  void range_isTakenOutToItsEndsAndNotBeyond() {
    fill(100, 16);

    assertThat(removeRange(10, 19)).isEqualTo(10);
    assertThat(removeRange(10, 19)).isZero();
    assertThat(removeRange(Long.MIN_VALUE, 0)).isOne();
    assertThat(removeRange(99, Long.MAX_VALUE)).isOne();

    assertThat(times(moment.version())).hasSize(88).contains(9L, 20L, 1L, 98L);
  }

  @Test
  void rowOfAMultimap_isTakenOutByItsTimestampWithThoseThatShareIt() {
    for (int i = 0; i < 9; i++) {
      window.append(KEY, row.entry(i / 3, new byte[5], 0, 5), moment);
    }

    assertThat(removeRange(1, 1)).isEqualTo(3);

    assertThat(times(moment.version())).containsExactly(0L, 0L, 0L, 2L, 2L, 2L);
  }

  private void fill(int count, int valueBytes) {
    for (int i = 0; i < count; i++) {
      put(i, valueBytes);
    }
  }

  private void put(long time, int valueBytes) {
    window.put(
        KEY, row.mapEntry(time, Span.of(new byte[0]), new byte[valueBytes], 0, valueBytes), moment);
  }

  private void putSubkey(long time, String subkey) {
    window.put(KEY, row.mapEntry(time, span(subkey), new byte[4], 0, 4), moment);
  }

  private boolean remove(long time) {
    return window.remove(KEY, row.pointTombstone(time, Span.of(new byte[0])), moment);
  }

  private boolean removeSubkey(long time, String subkey) {
    return window.remove(KEY, row.pointTombstone(time, span(subkey)), moment);
  }

  private int removeRange(long from, long to) {
    return window.removeRange(KEY, from, to, moment);
  }

  /** A reader is open from now on; returns its version. */
  private long readerComes() {
    long version = moment.version();
    moment.withReaders(0, version);
    moment.atVersion(version + 1);
    return version;
  }

  private List<Long> times(long version) {
    List<Long> times = new ArrayList<>();
    RowCursor rows = window.rows().find(KEY, version, 0, LAST);
    while (rows != null && rows.advance()) {
      times.add(rows.timestamp());
    }
    return times;
  }

  private static Span span(String subkey) {
    return Span.of(subkey.getBytes(UTF_8));
  }
}
