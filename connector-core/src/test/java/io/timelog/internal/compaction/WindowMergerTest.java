package io.timelog.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
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
        merge(WindowIndex.KEY_AND_TIME, List.of(Source.level1(merged), sealed), "again");

    assertThat(merged.keyCount()).isEqualTo(KEYS);
    assertThat(keysShown(merged, 500, 521)).isEqualTo(22);
    assertThat(keysShown(again, 500, 521)).isEqualTo(22);
  }

  @Test
  void copiedSegmentOfATableThatIndexesTime_showsOnlyTheKeysOfARange() {
    fill();

    Segment copied =
        Objects.requireNonNull(
            merger(WindowIndex.KEY_AND_TIME)
                .copy(window(List.of(sealed)), sealed, deletes(), "copied"));

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
    WindowMerger merger = merger(WindowIndex.KEY_AND_TIME);

    Segment copied =
        Objects.requireNonNull(merger.copy(window(List.of(sealed)), sealed, deletes(), "copied"));
    Segment merged = merge(WindowIndex.KEY_AND_TIME, List.of(sealed), "merged");

    assertThat(Source.level0(copied).findsByTime()).isFalse();
    assertThat(Source.level1(merged).findsByTime()).isTrue();
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
    return Objects.requireNonNull(
        merger(index).merge(window(sources), Rule.MULTIMAP, deletes(), name));
  }

  private WindowMerger merger(WindowIndex index) {
    return new WindowMerger(storage, "t", 4096, index);
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
