package io.timelog.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MemoryStorageTest {
  private final BufferPool budget = new BufferPool(256);
  private final MemoryAccount memory = new MemoryAccount(budget);
  private final MemoryStorage storage = new MemoryStorage(memory);

  private long inUse() {
    return memory.usedBytes();
  }

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
    assertThat(inUse()).isEqualTo(64);
  }

  @Test
  void readAcrossWrites_isACopyThatTheSegmentPaysFor() {
    SegmentInput input = segment("a", bytes(1, 2), bytes(3), bytes(4, 5));

    assertThat(array(input.read(1, 3))).containsExactly(2, 3, 4);
    assertThat(inUse()).isEqualTo(256);

    storage.delete("a");
    input.close();
    assertThat(inUse()).isZero();
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

    assertThat(inUse()).isZero();
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
    out.write(ByteBuffer.allocate(128));

    assertThatThrownBy(() -> out.write(ByteBuffer.allocate(129)))
        .isInstanceOf(MemoryBudgetExceededException.class);

    assertThat(out.position()).isEqualTo(128);
    assertThat(budget.usedBytes()).isEqualTo(128);
    out.write(ByteBuffer.allocate(128));
    assertThat(out.finish().length()).isEqualTo(256);
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
    assertThat(inUse()).isEqualTo(64);
    second.close();
    assertThat(inUse()).isZero();
  }

  @Test
  void closedInput_keepsASegmentThatIsNotDeleted() {
    segment("a", bytes(1, 2, 3)).close();

    assertThat(inUse()).isEqualTo(64);
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

    assertThat(inUse()).isEqualTo(128);
    assertThat(array(read.read(0, 3))).containsExactly(3, 4, 5);
    assertThatIllegalStateException()
        .isThrownBy(() -> storage.create("b"))
        .withMessage("The segment storage is closed");
    assertThatIllegalStateException().isThrownBy(() -> storage.open("read"));
    assertThatIllegalStateException().isThrownBy(storage::list);
    assertThatIllegalStateException().isThrownBy(unfinished::finish);
    unfinished.abort();
    read.close();
    assertThat(inUse()).isZero();
  }

  @Test
  void freedMemory_isWrittenAgain() {
    BufferPool pool = new BufferPool(1 << 20);
    MemoryAccount account = new MemoryAccount(pool);
    MemoryStorage reusing = new MemoryStorage(account);
    free(segment(reusing, "a", 1000, 3000));
    long held = pool.usedBytes();
    assertThat(held).isBetween(4000L, 4300L);
    assertThat(pool.freeBytes()).isEqualTo(held);

    SegmentInput again = segment(reusing, "b", 3000, 999);

    assertThat(pool.usedBytes()).isEqualTo(held);
    assertThat(pool.freeBytes()).isZero();
    assertThat(again.read(3000, 999).get(998)).isEqualTo((byte) 2);
    free(again);
    reusing.close();
    account.close();
    assertThat(pool.usedBytes()).isZero();
  }

  @Test
  void bytesThatWereReadToKeep_areNeverWrittenAgain() {
    BufferPool pool = new BufferPool(1 << 20);
    MemoryStorage reusing = new MemoryStorage(new MemoryAccount(pool));
    SegmentInput input = segment(reusing, "a", 1000, 1000);
    ByteBuffer kept = input.readToKeep(10, 20);
    long used = pool.usedBytes();

    free(input);

    assertThat(pool.usedBytes()).isEqualTo(used / 2);
    for (int i = 0; i < 5; i++) {
      segment(reusing, "b" + i, 1000, 1000);
    }
    assertThat(kept.isDirect()).isTrue();
    assertThat(array(kept)).containsOnly(1).hasSize(20);
  }

  @Test
  void bytesOfSeveralWritesThatWereReadToKeep_areACopyOfTheReader() {
    SegmentInput input = segment("a", bytes(1, 2), bytes(3), bytes(4, 5));
    long used = inUse();

    ByteBuffer kept = input.readToKeep(1, 3);
    free(input);

    assertThat(array(kept)).containsExactly(2, 3, 4);
    assertThat(kept.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(used).isEqualTo(192);
    assertThat(inUse()).isZero();
  }

  @Test
  void memoryThatASourceFrees_isCopiedForWhoKeepsIt() {
    PoisoningSource source = new PoisoningSource();
    BufferPool pool = new BufferPool(1 << 20, source);
    MemoryAccount account = new MemoryAccount(pool);
    MemoryStorage freed = new MemoryStorage(account);
    SegmentInput input = segment(freed, "a", 1000);
    ByteBuffer read = input.read(0, 1000);
    ByteBuffer kept = input.readToKeep(0, 1000);

    free(input);
    account.close();

    assertThat(array(read)).doesNotContain(1);
    assertThat(array(kept)).containsOnly(1);
    assertThat(pool.usedBytes()).isZero();
    assertThat(source.bytes()).isZero();
  }

  @Test
  void readToKeep_outsideTheSegmentOrAfterCloseIsRefused() {
    SegmentInput input = segment("a", bytes(1, 2, 3));

    assertThatThrownBy(() -> input.readToKeep(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(input.readToKeep(3, 0).remaining()).isZero();
    input.close();
    assertThatIllegalStateException().isThrownBy(() -> input.readToKeep(0, 1));
  }

  @Test
  void freedMemoryThatMayBeWrittenAgain_showsNoDataWhileAssertionsRun() {
    SegmentInput input = segment("a", bytes(1, 1, 1));
    ByteBuffer usedAfterFree = input.read(0, 3);

    free(input);

    assertThat(array(usedAfterFree)).containsOnly(0xDB);
  }

  @Test
  void segmentThatIsOpenWhenTheStorageAndItsStoreClose_isFreedByItsLastReader() {
    SegmentInput input = segment("a", bytes(1, 2, 3));

    storage.close();
    memory.close();

    assertThat(array(input.read(0, 3))).containsExactly(1, 2, 3);
    assertThat(budget.usedBytes()).isEqualTo(64);
    input.close();
    assertThat(budget.usedBytes()).isZero();
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
