package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentWriterTest {
  private static final ByteBuffer PAYLOAD = ByteBuffer.allocateDirect(1 << 20);

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(64 << 20));
  private final MemoryStorage storage = new MemoryStorage(memory);
  private final SegmentWriter writer = writer(1024);

  @Test
  void keysWithoutRows_areLeftOut() {
    startKey(0, 1);
    startKey(0, 2);
    row(10);
    startKey(0, 3);

    Segment segment = writer.finish();

    assertThat(segment.keyCount()).isEqualTo(1);
    assertThat(segment.contains(key(0, 1))).isFalse();
    assertThat(segment.contains(key(0, 2))).isTrue();
    assertThat(segment.contains(key(0, 3))).isFalse();
  }

  @Test
  void segmentWithoutRows_isLegalAndEmpty() {
    Segment segment = writer.finish();

    assertThat(segment.rowCount()).isZero();
    assertThat(segment.keyCount()).isZero();
    assertThat(segment.pageCount()).isZero();
    assertThat(segment.find(key(0, 1), 0, Long.MIN_VALUE, Long.MAX_VALUE)).isNull();
    assertThat(segment.contains(key(0, 1))).isFalse();
    assertThat(segment.keys(0, 0, Integer.MAX_VALUE).advance()).isFalse();
    assertThat(
            segment
                .keys(0, 0, Integer.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Direction.BACKWARD)
                .advance())
        .isFalse();
  }

  @Test
  void keysOutOfOrder_areRefusedAndChangeNothing() {
    startKey(1, 20);
    row(10);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> startKey(1, 20))
        .withMessage(
            "Keys must come in key order, each once: group=1, keyLength=1, lastGroup=1,"
                + " lastKeyLength=1");
    assertThatIllegalArgumentException().isThrownBy(() -> startKey(1, 19));
    assertThatIllegalArgumentException().isThrownBy(() -> startKey(1));
    assertThatIllegalArgumentException().isThrownBy(() -> startKey(0, 21));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> startKey(-1, 21))
        .withMessage("A key group must not be negative: group=-1");

    row(11);
    startKey(1, 0x80);
    row(12);
    Segment segment = writer.finish();
    assertThat(timestamps(segment, key(1, 20))).containsExactly(10L, 11L);
    assertThat(timestamps(segment, key(1, 0x80))).containsExactly(12L);
  }

  @Test
  void timestampsOutOfOrder_areRefusedAndChangeNothing() {
    startKey(0, 1);
    row(10);
    row(10);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> row(9))
        .withMessage("Rows of a key must come in time order: timestamp=9, last=10");

    startKey(0, 2);
    row(9);
    assertThat(timestamps(writer.finish(), key(0, 1))).containsExactly(10L, 10L);
  }

  @Test
  void rowWithoutAKey_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> row(10))
        .withMessage("A row needs a key: call startKey first");
  }

  @Test
  void payloadOutsideItsBuffer_isRefusedAndChangesNothing() {
    startKey(0, 1);

    assertThatThrownBy(() -> writer.row(10, false, PAYLOAD, PAYLOAD.limit(), 1))
        .isInstanceOf(IndexOutOfBoundsException.class);

    row(11);
    assertThat(timestamps(writer.finish(), key(0, 1))).containsExactly(11L);
  }

  @Test
  void finishedOrAbortedWriter_refusesToGoOn() {
    writer.finish();
    assertThatIllegalStateException()
        .isThrownBy(() -> startKey(0, 1))
        .withMessage("The segment writer is finished");
    assertThatIllegalStateException().isThrownBy(writer::finish);
    writer.abort();
    assertThat(storage.list()).hasSize(1);

    SegmentWriter aborted = writer(1024);
    aborted.abort();
    aborted.abort();
    assertThatIllegalStateException()
        .isThrownBy(aborted::finish)
        .withMessage("The segment writer is aborted");
    assertThat(storage.list()).hasSize(1);
  }

  @Test
  void abort_givesAllMemoryBack() {
    startKey(0, 1);
    for (int i = 0; i < 1000; i++) {
      row(i);
    }
    assertThat(memory.usedBytes()).isPositive();

    writer.abort();

    assertThat(memory.usedBytes()).isZero();
    assertThat(storage.list()).isEmpty();
  }

  @Test
  void exhaustedBudget_leavesNothingBehindAtAnyPoint() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 40; i++) {
      model.add(ModelKey.of(i % 3, (byte) i), ModelRow.of(i, false, new byte[50]));
    }
    model.write(storage.create("fits"), options(256));
    long size = memory.usedBytes();

    for (long limit = 1; limit < size; limit += 7) {
      BufferPool small = new BufferPool(limit);
      MemoryAccount smallAccount = new MemoryAccount(small);
      MemoryStorage smallStorage = new MemoryStorage(smallAccount);
      assertThatThrownBy(() -> model.write(smallStorage.create("s"), options(256)))
          .isInstanceOf(MemoryBudgetExceededException.class);
      assertThat(smallAccount.usedBytes()).as("limit=%s", limit).isZero();
      smallAccount.close();
      assertThat(small.usedBytes()).as("limit=%s", limit).isZero();
      assertThat(smallStorage.list()).isEmpty();
    }

    BufferPool exact = new BufferPool(size);
    MemoryAccount exactAccount = new MemoryAccount(exact);
    Segment fitting = model.write(new MemoryStorage(exactAccount).create("s"), options(256));
    fitting.delete();
    fitting.close();
    assertThat(exactAccount.usedBytes()).isZero();
  }

  @Test
  void equalRows_giveEqualBytes() {
    ModelSegment model = mixedModel();

    byte[] first = bytesOf(model, "a");
    byte[] second = bytesOf(model, "b");

    assertThat(second).isEqualTo(first);
  }

  @Test
  void smallKey_isNeverSplitOverPages() {
    SegmentWriter small = writer(512);
    for (int key = 0; key < 100; key++) {
      startKey(small, 0, key);
      for (int i = 0; i < 12; i++) {
        small.row(i, false, PAYLOAD, 0, 16);
      }
    }

    Segment segment = small.finish();

    assertThat(segment.pageCount()).isEqualTo(100);
    for (int page = 0; page < 100; page++) {
      assertThat(segment.lastPageOfKey(page)).isEqualTo(page);
    }
  }

  @Test
  void longKey_hasItsPagesForItself() {
    SegmentWriter small = writer(512);
    startKey(small, 0, 1);
    small.row(1, false, PAYLOAD, 0, 16);
    startKey(small, 0, 2);
    for (int i = 0; i < 100; i++) {
      small.row(i, false, PAYLOAD, 0, 16);
    }
    startKey(small, 0, 3);
    small.row(1, false, PAYLOAD, 0, 16);

    Segment segment = small.finish();

    assertThat(segment.pageCount()).isEqualTo(8);
    assertThat(segment.firstPageOfKey(3)).isEqualTo(1);
    assertThat(segment.lastPageOfKey(3)).isEqualTo(6);
    assertThat(segment.page(0).keyCount()).isEqualTo(1);
    assertThat(segment.page(7).keyCount()).isEqualTo(1);
    assertThat(segment.page(2).keyLength(0)).as("a continuation repeats no key").isZero();
    assertThat(timestamps(segment, key(0, 2))).hasSize(100).isSorted();
  }

  @Test
  void columnsThatOnlyTheNextPageNeeds_areLeftOut() {
    SegmentWriter small = writer(512);
    startKey(small, 0, 1);
    small.row(1, false, PAYLOAD, 0, 16);
    startKey(small, 0, 2);
    small.row(1, false, PAYLOAD, 0, 16);
    // Of another group, of another length, with payloads of other lengths and a tombstone; it is in
    // the page of the others until it outgrows it.
    startKey(small, 1, 3, 3);
    for (int i = 0; i < 18; i++) {
      small.row(i, i == 3, PAYLOAD, 0, i);
    }

    Segment segment = small.finish();

    ModelSegment others = new ModelSegment();
    others.add(ModelKey.of(0, (byte) 1), ModelRow.of(1, false, new byte[16]));
    others.add(ModelKey.of(0, (byte) 2), ModelRow.of(1, false, new byte[16]));
    Segment expected = others.write(storage.create("others"), options(512));
    assertThat(segment.pageCount()).isEqualTo(2);
    assertThat(segment.page(0).bytes).isEqualTo(expected.page(0).bytes);
    assertThat(segment.page(1).rowCount()).isEqualTo(18);
    assertThat(segment.page(1).isTombstone(3)).isTrue();
  }

  @Test
  void oversizeRow_makesAnOversizePage() {
    startKey(0, 1);
    row(10);
    writer.row(20, false, PAYLOAD, 0, 100_000);
    row(30);
    startKey(0, 2);
    row(10);

    Segment segment = writer.finish();

    assertThat(segment.pageCount()).isEqualTo(4);
    assertThat(segment.page(0).rowCount()).isEqualTo(1);
    assertThat(segment.page(1).rowCount()).isEqualTo(1);
    assertThat(segment.page(1).payloadLength(0)).isEqualTo(100_000);
    assertThat(timestamps(segment, key(0, 1))).containsExactly(10L, 20L, 30L);
    assertThat(timestamps(segment, key(0, 2))).containsExactly(10L);
  }

  @Test
  void keyLongerThanAPage_isStoredOnce() {
    byte[] longKey = new byte[10_000];
    writer.startKey(0, Key.of(longKey, 0).hash(), ByteBuffer.wrap(longKey), 0, longKey.length);
    for (int i = 0; i < 1000; i++) {
      row(i);
    }

    Segment segment = writer.finish();

    assertThat(segment.sizeBytes()).isLessThan(2 * 10_000 + 1000 * 32);
    assertThat(timestamps(segment, Key.of(longKey, 0))).hasSize(1000).isSorted();
    assertThat(segment.contains(Key.of(new byte[9_999], 0))).isFalse();
  }

  @Test
  void manyKeysInAPage_areCutAtTheLimitOfAPosition() {
    SegmentWriter wide = writer(SegmentOptions.MAX_TARGET_PAGE_BYTES);
    byte[] bytes = new byte[2];
    for (int key = 0; key < 10_000; key++) {
      ByteBuffer.wrap(bytes).putShort((short) key);
      wide.startKey(0, Key.of(bytes, 0).hash(), ByteBuffer.wrap(bytes), 0, 2);
      wide.row(key, false, PAYLOAD, 0, 0);
    }

    Segment segment = wide.finish();

    assertThat(segment.pageCount()).isEqualTo(3);
    for (int key = 0; key < 10_000; key++) {
      ByteBuffer.wrap(bytes).putShort((short) key);
      assertThat(timestamps(segment, Key.of(bytes, 0))).containsExactly((long) key);
    }
  }

  @Test
  void options_refuseBadValues() {
    SegmentOptions options = SegmentOptions.of("t", 0, 10);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withTargetPageBytes(127))
        .withMessage(
            "The target length of a page is out of bounds: targetPageBytes=127, min=128,"
                + " max=16777216");
    assertThatIllegalArgumentException().isThrownBy(() -> options.withTargetPageBytes(1 << 25));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentOptions.of("t", 10, 9))
        .withMessage("A partition window must not be empty: windowFirst=10, windowLast=9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentOptions.of("t".repeat(70_000), 0, 10))
        .withMessage("The name of a table is too long: length=70000, max=65536");
  }

  private byte[] bytesOf(ModelSegment model, String name) {
    model.write(storage.create(name), options(300));
    return BytesInput.copyOf(storage.open(name));
  }

  private static ModelSegment mixedModel() {
    Random random = new Random(7);
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 500; i++) {
      byte[] payload = new byte[random.nextInt(40)];
      model.add(
          ModelKey.of(random.nextInt(3), (byte) random.nextInt(30)),
          ModelRow.of(random.nextInt(100), random.nextInt(5) == 0, payload));
    }
    return model;
  }

  private SegmentWriter writer(int targetPageBytes) {
    return new SegmentWriter(
        storage.create("writer" + targetPageBytes + "-" + storage.list().size()),
        options(targetPageBytes));
  }

  private static SegmentOptions options(int targetPageBytes) {
    return SegmentOptions.of("t", 0, 100_000).withTargetPageBytes(targetPageBytes);
  }

  private void startKey(int group, int... key) {
    startKey(writer, group, key);
  }

  private static void startKey(SegmentWriter writer, int group, int... key) {
    ModelSegment.startKey(writer, ModelKey.of(group, bytes(key)));
  }

  private void row(long timestamp) {
    writer.row(timestamp, false, PAYLOAD, 0, 16);
  }

  private static Key key(int group, int... key) {
    return Key.of(bytes(key), group);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static List<Long> timestamps(Segment segment, Key key) {
    return drain(segment.find(key, 0, Long.MIN_VALUE, Long.MAX_VALUE)).stream()
        .map(ModelRow::timestamp)
        .toList();
  }
}
