package io.timelog.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WindowMergerTest {
  private static final int KEYS = 1_000;
  private static final long LAST = 9_999;

  private final BufferPool budget = new BufferPool(64 << 20);
  private final MemoryAccount pool = new MemoryAccount(budget);
  private final MemoryStorage storage = new MemoryStorage(new MemoryAccount(budget));
  private final MemtableWindow memtable =
      new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
  private final Source sealed = Source.active(memtable).sealed();

  @AfterEach
  void free() {
    memtable.free();
    storage.close();
  }

  @Test
  void mergedSegmentOfATableThatIndexesTime_showsOnlyTheKeysOfARange() {
    fill();

    Segment merged = merge(WindowIndex.KEY_AND_TIME, List.of(sealed), "merged");
    Segment again =
        merge(WindowIndex.KEY_AND_TIME, List.of(Source.level1(List.of(merged)), sealed), "again");

    assertThat(merged.keyCount()).isEqualTo(KEYS);
    assertThat(keysShown(merged, 500, 521)).isEqualTo(22);
    assertThat(keysShown(again, 500, 521)).isEqualTo(22);
  }

  @Test
  void copiedSegmentOfATableThatIndexesTime_showsOnlyTheKeysOfARange() {
    fill();

    Segment copied =
        only(
            merger(WindowIndex.KEY_AND_TIME, "copied")
                .copy(window(List.of(sealed)), sealed, deletes()));

    assertThat(copied.keyCount()).isEqualTo(KEYS);
    assertThat(keysShown(copied, 500, 521)).isEqualTo(22);
  }

  @Test
  void segmentOfAnotherTable_showsAllKeys() {
    fill();

    assertThat(keysShown(merge(WindowIndex.KEY, List.of(sealed), "merged"), 500, 521))
        .isEqualTo(KEYS);
  }

  @Test
  void segmentWithTombstones_isNotReadSliceBySlice() {
    fill();
    byte[] key = ByteBuffer.allocate(4).putInt(3).array();
    PendingRow row = new PendingRow().rangeTombstone(100, 200);
    memtable.appendRangeTombstone(Rule.MULTIMAP, Key.of(key, 0), row, new WriteMoment());
    WindowMerger merger = merger(WindowIndex.KEY_AND_TIME, "copied");

    Segment copied = only(merger.copy(window(List.of(sealed)), sealed, deletes()));
    Segment merged = merge(WindowIndex.KEY_AND_TIME, List.of(sealed), "merged");

    assertThat(Source.level0(List.of(copied), RangeReach.UNKNOWN).findsByTime()).isFalse();
    assertThat(Source.level1(List.of(merged)).findsByTime()).isTrue();
  }

  @Test
  void oldestSources_areMergedWithoutWhatNewerOnesHide_andWithoutTheNewerRows() {
    try (Maps maps = new Maps()) {
      Source older = maps.source(0, 10);
      Source old = maps.source(10, 20);
      Source newest = maps.source(5, 12, 30);

      Segment merged = only(maps.mergeOldest(2, older, old, newest));

      assertThat(maps.keys(merged))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 12, 13, 14, 15, 16, 17, 18, 19);
      assertThat(merged.rowCount()).isEqualTo(13);
    }
  }

  @Test
  void oldestSources_areMergedWithoutWhatTombstonesOfNewerOnesHide() {
    try (Maps maps = new Maps()) {
      Source old = maps.source(0, 4);
      MemtableWindow newest = maps.memtable();
      PendingRow row = new PendingRow();
      newest.appendRangeTombstone(
          Rule.MAP, Maps.key(2), row.rangeTombstone(0, LAST), new WriteMoment());

      Segment merged = only(maps.mergeOldest(1, old, Source.active(newest)));

      assertThat(maps.keys(merged)).containsExactlyInAnyOrder(0, 1, 3);
      // Nothing older is left that a tombstone could hide.
      assertThat(Source.level1(List.of(merged)).hasTombstones()).isFalse();
    }
  }

  @Test
  void oldestSourcesThatAreHiddenWhole_leaveNoSegment() {
    try (Maps maps = new Maps()) {
      Source old = maps.source(0, 4);
      Source newest = maps.source(0, 4);

      assertThat(maps.mergeOldest(1, old, newest)).isEmpty();

      assertThat(maps.segments.list()).isEmpty();
      assertThat(maps.segments.heldBytes()).isZero();
    }
  }

  @Test
  void oldestSourcesThatFindNoRoom_leaveNothingBehind() {
    try (Maps maps = new Maps()) {
      Source old = maps.source(0, 4);
      Source newest = maps.source(2, 4);
      pool.reserveHeap(pool.availableBytes());

      assertThatThrownBy(() -> maps.mergeOldest(1, old, newest))
          .isInstanceOf(MemoryBudgetExceededException.class);

      assertThat(maps.segments.list()).isEmpty();
      assertThat(maps.segments.heldBytes()).isZero();
    }
  }

  /** Windows of a map with one entry a key. */
  private final class Maps implements AutoCloseable {
    private final MemoryStorage segments = new MemoryStorage(new MemoryAccount(budget));
    private final List<MemtableWindow> memtables = new ArrayList<>();

    MemtableWindow memtable() {
      MemtableWindow window =
          new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null);
      memtables.add(window);
      return window;
    }

    /** Has the entries of the keys from the first to before the last. */
    Source source(int from, int to) {
      return source(from, to, to - from);
    }

    /** As {@link #source(int, int)}, with values of some length. */
    Source source(int from, int to, int valueBytes) {
      MemtableWindow window = memtable();
      PendingRow row = new PendingRow();
      for (int i = from; i < to; i++) {
        row.mapEntry(7, Span.of(new byte[0]), new byte[valueBytes], 0, valueBytes);
        window.put(key(i), row, new WriteMoment());
      }
      return Source.active(window);
    }

    List<Segment> mergeOldest(int count, Source... sources) {
      return new WindowMerger(segments, "t", 4096, WindowIndex.KEY, Long.MAX_VALUE, () -> "oldest")
          .mergeOldest(count, window(List.of(sources)), Rule.MAP, deletes());
    }

    List<Integer> keys(Segment segment) {
      List<Integer> found = new ArrayList<>();
      KeyCursor keys = segment.keys(0, 0, Integer.MAX_VALUE, 0, LAST);
      while (keys.advance()) {
        found.add((int) keys.keyBuffer().get(keys.keyOffset() + 3));
      }
      return found;
    }

    static Key key(int number) {
      return Key.of(ByteBuffer.allocate(4).putInt(number).array(), 0);
    }

    @Override
    public void close() {
      memtables.forEach(MemtableWindow::free);
      segments.close();
    }
  }

  /** Ten rows a key, one a tick. */
  private void fill() {
    PendingRow row = new PendingRow();
    for (int i = 0; i <= LAST; i++) {
      byte[] key = ByteBuffer.allocate(4).putInt(i % KEYS).array();
      memtable.append(Key.of(key, 0), row.entry(i, key, 0, key.length), new WriteMoment());
    }
  }

  private Segment merge(WindowIndex index, List<Source> sources, String name) {
    return only(merger(index, name).merge(window(sources), Rule.MULTIMAP, deletes()));
  }

  private static Segment only(List<Segment> run) {
    assertThat(run).hasSize(1);
    return run.get(0);
  }

  private WindowMerger merger(WindowIndex index, String name) {
    return new WindowMerger(storage, "t", 4096, index, Long.MAX_VALUE, () -> name);
  }

  private static WindowMerger.Deletes deletes() {
    return new WindowMerger.Deletes(Tombstones.NONE, Long.MIN_VALUE, 0);
  }

  private static PartitionWindow window(List<Source> sources) {
    return new PartitionWindow(0, LAST, sources);
  }

  private static int keysShown(Segment segment, long first, long last) {
    KeyCursor keys = segment.keys(0, 0, Integer.MAX_VALUE, first, last);
    int count = 0;
    while (keys.advance()) {
      count++;
    }
    return count;
  }
}
