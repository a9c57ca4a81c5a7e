package io.timelog.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentOptions;
import io.timelog.internal.segment.SegmentWriter;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** To let go of a segment closes a handle; only what takes its place deletes its bytes. */
final class SegmentLifeTest {
  private final MemoryAccount memory = new MemoryAccount(new BufferPool(1 << 20));
  private final MemoryStorage storage = new MemoryStorage(memory);
  private final CurrentView views = new CurrentView();

  @Test
  void segmentOfATableThatIsClosed_staysInTheStorage() {
    publish(List.of(window(segment("a"))));

    views.close();

    assertThat(storage.list()).containsExactly("a");
    Segment.open(storage.open("a")).close();
  }

  @Test
  void segmentThatTheNextViewLeavesOut_isDeleted_andReadUntilTheLastReaderLeaves() {
    publish(List.of(window(segment("a"))));
    TableView reader = views.retain();

    publish(List.of());

    assertThat(storage.list()).isEmpty();
    RowCursor rows = reader.window(0).sources().get(0).rows().find(key(0), 0, 0, 99);
    assertThat(rows).isNotNull();
    assertThat(rows.advance()).isTrue();
    reader.release();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void segmentThatAnotherTakesThePlaceOf_isDeleted() {
    publish(List.of(window(segment("a"))));

    publish(List.of(window(segment("b"))));

    assertThat(storage.list()).containsExactly("b");
  }

  @Test
  void segmentThatNeverCameIntoAView_isDeletedWhenItIsDiscarded() {
    segment("a").discard();

    assertThat(storage.list()).isEmpty();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void segmentsThatAnExportHolds_areReadWhenAnotherTakesThePlaceOfOneOfThem() {
    SegmentSource run =
        Source.level0(List.of(written("a", 0, 0), written("b", 1, 0)), RangeReach.NO_RANGES);
    publish(List.of(window(run)));
    run.retain();
    SegmentSource rewritten = Objects.requireNonNull(run.with(0, 1, List.of(written("c", 0, 1))));
    publish(List.of(window(rewritten)));

    assertThat(storage.list()).containsExactlyInAnyOrder("b", "c");
    publish(List.of());

    assertThat(hasRow(run, 0)).isTrue();
    assertThat(hasRow(run, 1)).isTrue();
    run.release();
    assertThat(storage.list()).isEmpty();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void segmentThatIsDiscarded_isReadByTheExportThatHoldsIt() {
    Source source = segment("a");
    source.retain();

    source.discard();

    assertThat(hasRow(source, 0)).isTrue();
    source.release();
    assertThat(storage.list()).isEmpty();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void importedSegments_areHiddenByTheSameDeletesInEverySourceThatHasThem() {
    SegmentSource run =
        Source.imported(
            List.of(written("a", 0, 99), written("b", 1, 99)),
            Source.Stage.LEVEL_0,
            7,
            RangeReach.NO_RANGES);
    publish(List.of(window(run)));

    assertThat(run.since()).isEqualTo(7);
    SegmentSource part = run.part(1, 2);
    assertThat(part.since()).isEqualTo(7);
    part.letGo();
    SegmentSource rest = Objects.requireNonNull(run.without(each -> each.name().equals("a")));
    assertThat(rest.since()).isEqualTo(7);
    SegmentSource mixed = Objects.requireNonNull(rest.with(0, 0, List.of(written("c", 0, 9))));
    assertThat(mixed.since()).isEqualTo(7);
    assertThat(Objects.requireNonNull(mixed.with(1, 2, List.of())).since()).isEqualTo(10);
  }

  private static boolean hasRow(Source source, int group) {
    RowCursor rows = source.rows().find(key(group), 0, 0, 99);
    return rows != null && rows.advance();
  }

  private static Key key(int group) {
    return Key.of(new byte[] {(byte) group}, group);
  }

  private void publish(List<PartitionWindow> windows) {
    TableView old = views.get();
    assertThat(views.publish(old, old.withWindows(windows))).isTrue();
  }

  private static PartitionWindow window(Source source) {
    return new PartitionWindow(0, 99, List.of(source));
  }

  private Source segment(String name) {
    return Source.level1(List.of(written(name, 0, 0)));
  }

  /**
   * A segment with one row of the key of a group, to which deletes up to a version were applied.
   */
  private Segment written(String name, int group, long appliedVersion) {
    SegmentWriter writer =
        new SegmentWriter(
            storage.create(name),
            SegmentOptions.of("table", 0, 99).withAppliedVersion(appliedVersion));
    ByteBuffer bytes = ByteBuffer.allocateDirect(1).put(0, (byte) group);
    writer.startKey(group, key(group).hash(), bytes, 0, 1);
    writer.row(10, false, bytes, 0, 1);
    return writer.finish();
  }
}
