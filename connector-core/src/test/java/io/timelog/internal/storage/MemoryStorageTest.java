package io.timelog.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MemoryStorageTest {
  private final MemoryBudget budget = MemoryBudget.ofBytes(100);
  private final MemoryStorage storage = new MemoryStorage(budget);
  private final MemoryBudget large = MemoryBudget.ofBytes(100_000);

  @Test
  void finishedSegment_isReadBackAsWritten() {
    SegmentOutput out = storage.create("a");
    out.write(bytes(1, 2, 3));
    out.write(bytes());
    out.write(bytes(4, 5));
    assertThat(out.position()).isEqualTo(5);

    SegmentInput input = out.finish();

    assertThat(input.name()).isEqualTo("a");
    assertThat(input.length()).isEqualTo(5);
    assertThat(array(input.read(0, 3))).containsExactly(1, 2, 3);
    assertThat(array(input.read(1, 1))).containsExactly(2);
    assertThat(array(input.read(3, 2))).containsExactly(4, 5);
    assertThat(array(input.read(5, 0))).isEmpty();
  }

  @Test
  void write_takesTheRemainingBytesAndLeavesTheSourceAtItsLimit() {
    ByteBuffer source = bytes(1, 2, 3, 4);
    source.position(1).limit(3);
    SegmentOutput out = storage.create("a");

    out.write(source);

    assertThat(source.position()).isEqualTo(3);
    assertThat(array(out.finish().read(0, 2))).containsExactly(2, 3);
  }

  @Test
  void readBuffer_isDirectLittleEndianAndStartsAtZero() {
    ByteBuffer read = segment("a", bytes(0, 1, 0, 0, 0)).read(1, 4);

    assertThat(read.isDirect()).isTrue();
    assertThat(read.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(read.position()).isZero();
    assertThat(read.limit()).isEqualTo(4);
    assertThat(read.capacity()).isEqualTo(4);
    assertThat(read.getInt(0)).isEqualTo(1);
  }

  @Test
  void readWithinOneWrite_sharesTheMemoryOfTheSegment() {
    SegmentInput input = segment("a", bytes(1, 2, 3));

    input.read(0, 3).put(1, (byte) 9);

    assertThat(array(input.read(0, 3))).containsExactly(1, 9, 3);
    assertThat(budget.usedBytes()).isEqualTo(3);
  }

  @Test
  void readAcrossWrites_isACopyThatTheSegmentPaysFor() {
    SegmentInput input = segment("a", bytes(1, 2), bytes(3), bytes(4, 5));

    assertThat(array(input.read(1, 3))).containsExactly(2, 3, 4);
    assertThat(budget.usedBytes()).isEqualTo(8);

    storage.delete("a");
    input.close();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void read_outsideTheSegmentIsRefused() {
    SegmentInput input = segment("a", bytes(1, 2, 3));

    assertThatThrownBy(() -> input.read(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> input.read(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> input.read(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> input.read(Long.MAX_VALUE, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void unfinishedSegment_isNeitherListedNorOpened() {
    SegmentOutput out = storage.create("a");
    out.write(bytes(1));

    assertThat(storage.list()).isEmpty();
    assertThatThrownBy(() -> storage.open("a"))
        .isInstanceOf(TimelogException.class)
        .hasMessage("There is no such segment in memory: name=a");
  }

  @Test
  void list_isSorted() {
    segment("c", bytes(1));
    segment("a", bytes(1));
    segment("b", bytes(1));

    assertThat(storage.list()).containsExactly("a", "b", "c");
  }

  @Test
  void create_refusesANameThatIsTaken() {
    segment("sealed", bytes(1));
    SegmentOutput unfinished = storage.create("unfinished");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> storage.create("sealed"))
        .withMessage("A segment of this name exists: name=sealed");
    assertThatIllegalArgumentException().isThrownBy(() -> storage.create("unfinished"));
    unfinished.abort();
  }

  @Test
  void abort_givesTheMemoryBackAndFreesTheName() {
    SegmentOutput out = storage.create("a");
    out.write(bytes(1, 2, 3));

    out.abort();
    out.abort();

    assertThat(budget.usedBytes()).isZero();
    storage.create("a").abort();
    assertThatIllegalStateException()
        .isThrownBy(() -> out.write(bytes(1)))
        .withMessage("The segment output is finished or aborted: name=a");
  }

  @Test
  void abort_afterFinishDoesNothing() {
    SegmentOutput out = storage.create("a");
    out.write(bytes(1));
    SegmentInput input = out.finish();

    out.abort();

    assertThat(array(input.read(0, 1))).containsExactly(1);
    assertThat(storage.list()).containsExactly("a");
    assertThatIllegalStateException().isThrownBy(out::finish);
  }

  @Test
  void write_overTheBudgetIsRefusedAndAppendsNothing() {
    SegmentOutput out = storage.create("a");
    out.write(ByteBuffer.allocate(60));

    assertThatThrownBy(() -> out.write(ByteBuffer.allocate(41)))
        .isInstanceOf(MemoryBudgetExceededException.class);

    assertThat(out.position()).isEqualTo(60);
    assertThat(budget.usedBytes()).isEqualTo(60);
    out.write(ByteBuffer.allocate(40));
    assertThat(out.finish().length()).isEqualTo(100);
  }

  @Test
  void deletedSegment_staysReadableUntilItsLastInputIsClosed() {
    SegmentInput first = segment("a", bytes(1, 2, 3));
    SegmentInput second = storage.open("a");

    first.delete();
    storage.delete("a");

    assertThat(storage.list()).isEmpty();
    assertThatThrownBy(() -> storage.open("a")).isInstanceOf(TimelogException.class);
    first.close();
    first.close();
    assertThat(array(second.read(0, 3))).containsExactly(1, 2, 3);
    assertThat(budget.usedBytes()).isEqualTo(3);
    second.close();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void closedInput_keepsASegmentThatIsNotDeleted() {
    segment("a", bytes(1, 2, 3)).close();

    assertThat(budget.usedBytes()).isEqualTo(3);
    assertThat(array(storage.open("a").read(0, 3))).containsExactly(1, 2, 3);
  }

  @Test
  void closedInput_refusesToRead() {
    SegmentInput input = segment("a", bytes(1));
    input.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> input.read(0, 1))
        .withMessage("The segment input is closed: name=a");
  }

  @Test
  void close_deletesWhatNobodyReadsAndRefusesNewWork() {
    segment("unread", bytes(1, 2)).close();
    SegmentInput read = segment("read", bytes(3, 4, 5));
    SegmentOutput unfinished = storage.create("unfinished");
    unfinished.write(bytes(6));

    storage.close();

    assertThat(budget.usedBytes()).isEqualTo(4);
    assertThat(array(read.read(0, 3))).containsExactly(3, 4, 5);
    assertThatIllegalStateException()
        .isThrownBy(() -> storage.create("b"))
        .withMessage("The segment storage is closed");
    assertThatIllegalStateException().isThrownBy(() -> storage.open("read"));
    assertThatIllegalStateException().isThrownBy(storage::list);
    assertThatIllegalStateException().isThrownBy(unfinished::finish);
    unfinished.abort();
    read.close();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void withoutReuse_nothingIsKept() {
    SegmentInput input = segment("a", bytes(1, 2, 3));
    input.delete();
    input.close();

    assertThat(storage.freeBytes()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void freedMemory_isWrittenAgain() {
    try (MemoryStorage reusing = reusing(10_000)) {
      free(segment(reusing, "a", 1000, 3000));
      long held = large.usedBytes();
      assertThat(held).isBetween(4000L, 4300L);
      assertThat(reusing.freeBytes()).isEqualTo(held);

      SegmentInput again = segment(reusing, "b", 3000, 999);

      assertThat(large.usedBytes()).isEqualTo(held);
      assertThat(reusing.freeBytes()).isZero();
      assertThat(again.read(3000, 999).get(998)).isEqualTo((byte) 2);
      free(again);
    }
    assertThat(large.usedBytes()).isZero();
  }

  @Test
  void freedMemory_isKeptUpToTheBound() {
    MemoryStorage reusing = reusing(1100);

    free(segment(reusing, "larger", 512, 512, 512));

    assertThat(reusing.freeBytes()).isEqualTo(1024);
    assertThat(large.usedBytes()).isEqualTo(1024);
  }

  @Test
  void newerFreeMemory_takesThePlaceOfOlder() {
    MemoryStorage reusing = reusing(1100);
    free(segment(reusing, "older", 64, 64));

    free(segment(reusing, "newer", 512, 512));

    assertThat(reusing.freeBytes()).isEqualTo(1024);
  }

  @Test
  void trim_givesFreeMemoryBack() {
    MemoryStorage reusing = reusing(10_000);
    free(segment(reusing, "a", 1000));

    reusing.trim();

    assertThat(reusing.freeBytes()).isZero();
    assertThat(large.usedBytes()).isZero();
  }

  @Test
  void exhaustedBudget_takesFreeMemoryBeforeItRefuses() {
    MemoryStorage reusing = reusing(100_000);
    free(segment(reusing, "a", 60_000));
    assertThat(large.availableBytes()).isLessThan(60_000);

    SegmentInput other = segment(reusing, "b", 90_000);

    assertThat(other.length()).isEqualTo(90_000);
    assertThat(reusing.freeBytes()).isZero();
  }

  @Test
  void sharedBytes_areNeverWrittenAgain() {
    MemoryStorage reusing = reusing(100_000);
    SegmentInput input = segment(reusing, "a", 1000, 1000);
    ByteBuffer before = input.read(0, 1000);
    input.share(10, 20);
    ByteBuffer after = input.read(500, 100);

    free(input);

    assertThat(reusing.freeBytes()).isEqualTo(1024);
    assertThat(large.usedBytes()).isEqualTo(1024);
    for (int i = 0; i < 5; i++) {
      segment(reusing, "b" + i, 1000, 1000);
    }
    assertThat(array(before)).containsOnly(1);
    assertThat(array(after)).containsOnly(1);
  }

  @Test
  void sharedBytesOfSeveralWrites_areAllSpared() {
    MemoryStorage reusing = reusing(100_000);
    SegmentInput input = segment(reusing, "a", 1000, 1000, 1000);
    input.share(999, 2);
    ByteBuffer copy = input.read(999, 2);

    free(input);
    segment(reusing, "b", 1000, 1000, 2);

    assertThat(array(copy)).containsExactly(1, 2);
  }

  @Test
  void share_outsideTheSegmentOrAfterCloseIsRefused() {
    SegmentInput input = segment("a", bytes(1, 2, 3));

    assertThatThrownBy(() -> input.share(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    input.share(3, 0);
    input.close();
    assertThatIllegalStateException().isThrownBy(() -> input.share(0, 1));
  }

  @Test
  void freedMemoryThatMayBeWrittenAgain_showsNoDataWhileAssertionsRun() {
    MemoryStorage reusing = reusing(100_000);
    SegmentInput input = segment(reusing, "a", 1000);
    ByteBuffer usedAfterFree = input.read(0, 1000);

    free(input);

    assertThat(array(usedAfterFree)).containsOnly(0xDB);
  }

  @Test
  void abortedSegment_leavesItsMemoryForReuse() {
    MemoryStorage reusing = reusing(100_000);
    SegmentOutput out = reusing.create("a");
    out.write(ByteBuffer.allocate(1000));

    out.abort();

    assertThat(reusing.freeBytes()).isEqualTo(1024);
  }

  @Test
  void closedStorage_keepsNothingForReuse() {
    MemoryStorage reusing = reusing(100_000);
    SegmentInput open = segment(reusing, "a", 1000);
    free(segment(reusing, "b", 1000));

    reusing.close();

    assertThat(large.usedBytes()).isEqualTo(1024);
    open.close();
    assertThat(large.usedBytes()).isZero();
  }

  @Test
  void negativeBound_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryStorage(budget, -1))
        .withMessage("The bytes to keep for reuse must not be negative: maxFreeBytes=-1");
  }

  private MemoryStorage reusing(long maxFreeBytes) {
    return new MemoryStorage(large, maxFreeBytes);
  }

  /** A segment whose first write is of ones, whose second is of twos, and so on. */
  private static SegmentInput segment(MemoryStorage storage, String name, int... sizes) {
    SegmentOutput out = storage.create(name);
    for (int i = 0; i < sizes.length; i++) {
      byte[] bytes = new byte[sizes[i]];
      Arrays.fill(bytes, (byte) (i + 1));
      out.write(ByteBuffer.wrap(bytes));
    }
    return out.finish();
  }

  private static void free(SegmentInput input) {
    input.delete();
    input.close();
  }

  private SegmentInput segment(String name, ByteBuffer... writes) {
    SegmentOutput out = storage.create(name);
    for (ByteBuffer bytes : writes) {
      out.write(bytes);
    }
    return out.finish();
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(0, bytes);
    return bytes;
  }
}
