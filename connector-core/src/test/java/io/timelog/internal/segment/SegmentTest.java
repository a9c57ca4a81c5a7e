package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.key.KeyHash;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class SegmentTest {
  private final MemoryAccount memory = new MemoryAccount(new BufferPool(64 << 20));
  private final MemoryStorage storage = new MemoryStorage(memory);

  @Test
  void header_isWhatTheWriterWasTold() {
    Segment segment =
        model(1)
            .write(
                storage.create("clicks-1"),
                new SegmentOptions("clicks \u00e9", 4096, -100, 1000, 42, WindowIndex.KEY));

    assertThat(segment.name()).isEqualTo("clicks-1");
    assertThat(segment.table()).isEqualTo("clicks \u00e9");
    assertThat(segment.windowFirst()).isEqualTo(-100);
    assertThat(segment.windowLast()).isEqualTo(1000);
    assertThat(segment.appliedVersion()).isEqualTo(42);
    assertThat(memory.usedBytes())
        .isBetween(segment.sizeBytes(), segment.sizeBytes() + 64L * (segment.pageCount() + 8));
    assertThat(segment)
        .hasToString(
            "Segment[name=clicks-1, table=clicks \u00e9, window=-100..1000, rows=1, keys=1,"
                + " pages=1, bytes="
                + segment.sizeBytes()
                + "]");
  }

  @Test
  void closedSegment_staysInItsStorage_andADeletedOneIsReadUntilItIsClosed() {
    model(10).write(storage.create("a"), options()).close();
    assertThat(storage.list()).containsExactly("a");
    assertThat(memory.usedBytes()).isPositive();

    Segment reopened = Segment.open(storage.open("a"));
    reopened.delete();
    assertThat(storage.list()).isEmpty();
    assertThat(reopened.page(0).rowCount()).isPositive();

    reopened.close();
    reopened.close();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void reopenedSegment_hasTheSameRows() {
    model(100).write(storage.create("a"), options());

    Segment reopened = Segment.open(storage.open("a"));

    assertThat(drain(reopened.keys(0, 0, Integer.MAX_VALUE), Long.MIN_VALUE, Long.MAX_VALUE))
        .isEqualTo(List.copyOf(model(100).rows().entrySet()));
  }

  @Test
  void keysWithOneHash_areToldApartByTheirBytes() {
    List<ModelKey> twins = keysWithOneHash();
    ModelKey written = twins.get(0);
    ModelKey other = twins.get(1);
    ModelSegment both = new ModelSegment();
    both.add(written, ModelRow.of(1, false, (byte) 1));
    both.add(other, ModelRow.of(2, false, (byte) 2));
    ModelSegment one = new ModelSegment().add(written, ModelRow.of(1, false, (byte) 1));

    Segment withBoth = both.write(storage.create("both"), options());
    Segment withOne = one.write(storage.create("one"), options());

    assertThat(drain(withBoth.find(written.key(), 0, 0, 10)))
        .containsExactly(ModelRow.of(1, false, (byte) 1));
    assertThat(drain(withBoth.find(other.key(), 0, 0, 10)))
        .containsExactly(ModelRow.of(2, false, (byte) 2));
    assertThat(withOne.contains(written.key())).isTrue();
    assertThat(withOne.contains(other.key())).isFalse();
    assertThat(withOne.find(other.key(), 0, 0, 10)).isNull();
    assertThat(withOne.countRows(other.key(), 0, 10)).isZero();
  }

  @Test
  void keyOfAnotherGroup_isAnotherKey() {
    ModelSegment model = new ModelSegment();
    model.add(ModelKey.of(1, (byte) 7), ModelRow.of(1, false));
    model.add(ModelKey.of(2, (byte) 7), ModelRow.of(2, false));
    Segment segment = model.write(storage.create("a"), options());

    assertThat(drain(segment.find(ModelKey.of(2, (byte) 7).key(), 0, 0, 10)))
        .containsExactly(ModelRow.of(2, false));
    assertThat(segment.contains(ModelKey.of(3, (byte) 7).key())).isFalse();
  }

  @Test
  void keyAmongManyOfItsBucket_isFound() {
    ByteBuffer bytes = ByteBuffer.allocate(4);
    byte[] wanted = bytes.putInt(0, 1500).array().clone();
    int hash = KeyHash.hash32(wanted, 0, 4);
    SegmentWriter writer = new SegmentWriter(storage.create("a"), options());
    for (int i = 0; i < 2000; i++) {
      // The writer takes the hash as it is told: all fall into one bucket, some into one hash.
      boolean same = i >= 1500 && i < 1510;
      writer.startKey(0, same ? hash : hash ^ ((i + 1) * 7919), bytes.putInt(0, i), 0, 4);
      writer.row(i, false, bytes, 0, 0);
    }
    Segment segment = writer.finish();

    assertThat(drain(segment.find(ModelKey.of(0, wanted).key(), 0, 0, 5000)))
        .containsExactly(ModelRow.of(1500, false));
    assertThat(segment.contains(ModelKey.of(0, (byte) 1).key())).isFalse();
  }

  @Test
  void timestampsOfAPage_shareItsMemoryAndCannotBeWritten() {
    Segment segment = model(100).write(storage.create("a"), options());
    long used = memory.usedBytes();

    LongBuffer timestamps = segment.page(0).timestamps();

    assertThat(timestamps.isDirect()).isTrue();
    assertThat(timestamps.isReadOnly()).isTrue();
    assertThat(timestamps.remaining()).isEqualTo(segment.page(0).rowCount());
    assertThat(memory.usedBytes()).isEqualTo(used);
    segment.page(0).bytes.putLong(PageFormat.HEADER_BYTES, 77);
    assertThat(timestamps.get(0)).isEqualTo(77);
  }

  @Test
  void timestampsOfAPage_stayReadableAfterTheSegmentIsFreed() {
    MemoryStorage reusing = storage;
    Segment segment = model(100).write(reusing.create("a"), options());
    LongBuffer timestamps = segment.page(1).timestamps();
    long[] before = new long[timestamps.remaining()];
    timestamps.get(0, before);

    segment.delete();
    segment.close();
    for (int i = 0; i < 100; i++) {
      Segment other = model(200).write(reusing.create("b" + i), options());
      other.delete();
      other.close();
    }

    long[] after = new long[before.length];
    timestamps.get(0, after);
    assertThat(after).isEqualTo(before);
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void timestampsOfAPage_areNotGivenAwayAfterTheSegmentIsFreed() {
    Segment segment = model(100).write(storage.create("a"), options());
    Page page = segment.page(0);
    segment.delete();
    segment.close();

    assertThatIllegalStateException()
        .isThrownBy(page::timestamps)
        .withMessage("The segment input is closed: name=a");
  }

  @Test
  void page_isLoadedOnce() {
    Segment segment = model(100).write(storage.create("a"), options());

    assertThat(segment.page(0)).isSameAs(segment.page(0));
    assertThatThrownBy(() -> segment.page(segment.pageCount()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> segment.page(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void freedSegment_loadsNoPage() {
    Segment segment = model(100).write(storage.create("a"), options());
    segment.delete();
    segment.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> segment.page(0))
        .withMessage("The segment input is closed: name=a");
  }

  @Test
  void cursorOverAKeyOutsideTheRange_isEmpty() {
    ModelSegment model = new ModelSegment();
    ModelKey key = ModelKey.of(0, (byte) 1);
    model.add(key, ModelRow.of(10, false)).add(key, ModelRow.of(30, false));
    Segment segment = model.write(storage.create("a"), options());

    assertThat(drain(segment.find(key.key(), 0, 11, 29))).isEmpty();
    assertThat(drain(segment.find(key.key(), 0, 11, 29, Direction.BACKWARD))).isEmpty();
    assertThat(segment.find(key.key(), 0, 31, 40)).isNull();
    assertThat(segment.find(key.key(), 0, 20, 10)).isNull();
    assertThat(segment.countRows(key.key(), 20, 10)).isZero();
  }

  @Test
  void keyCursor_beforeItsFirstStepIsOnNoKey() {
    KeyCursor keys = model(1).write(storage.create("a"), options()).keys(0, 0, 0);

    assertThatIllegalStateException()
        .isThrownBy(keys::group)
        .withMessage("The cursor is on no key: call advance first");
  }

  @Test
  void manyThreads_readOneSegmentAlike() throws Exception {
    ModelSegment model = model(3000);
    Segment segment = model.write(storage.create("a"), options());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<List<Map.Entry<ModelKey, List<ModelRow>>>> scan =
          () -> drain(segment.keys(0, 0, Integer.MAX_VALUE), Long.MIN_VALUE, Long.MAX_VALUE);
      List<Future<List<Map.Entry<ModelKey, List<ModelRow>>>>> scans = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        scans.add(threads.submit(scan));
      }
      for (var result : scans) {
        assertThat(result.get()).isEqualTo(List.copyOf(model.rows().entrySet()));
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Rows 0, 10, 20 ... of keys that repeat every 50 rows, in three groups. */
  private static ModelSegment model(int rows) {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < rows; i++) {
      model.add(
          ModelKey.of(i % 3, (byte) (i % 50)), ModelRow.of(10L * i, i % 7 == 0, new byte[i % 5]));
    }
    return model;
  }

  private static SegmentOptions options() {
    return SegmentOptions.of("t", Long.MIN_VALUE, Long.MAX_VALUE).withTargetPageBytes(512);
  }

  /** Two keys that differ and have the same hash, found by trying. */
  private static List<ModelKey> keysWithOneHash() {
    Map<Integer, ModelKey> byHash = new HashMap<>();
    for (long i = 0; ; i++) {
      ModelKey key = ModelKey.of(0, ByteBuffer.allocate(8).putLong(i).array());
      ModelKey twin = byHash.putIfAbsent(key.key().hash(), key);
      if (twin != null) {
        return List.of(twin, key);
      }
    }
  }
}
