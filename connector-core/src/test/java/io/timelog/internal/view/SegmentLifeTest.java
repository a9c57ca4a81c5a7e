package io.timelog.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentOptions;
import io.timelog.internal.segment.SegmentWriter;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** To let go of a segment closes a handle; only what takes its place deletes its bytes. */
final class SegmentLifeTest {
  private static final Key KEY = Key.of(new byte[] {1}, 0);

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
    RowCursor rows = reader.window(0).sources().get(0).rows().find(KEY, 0, 0, 99);
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

  private void publish(List<PartitionWindow> windows) {
    TableView old = views.get();
    assertThat(views.publish(old, old.withWindows(windows))).isTrue();
  }

  private static PartitionWindow window(Source source) {
    return new PartitionWindow(0, 99, List.of(source));
  }

  private Source segment(String name) {
    SegmentWriter writer =
        new SegmentWriter(storage.create(name), SegmentOptions.of("table", 0, 99));
    ByteBuffer bytes = ByteBuffer.allocateDirect(1).put(0, (byte) 1);
    writer.startKey(0, KEY.hash(), bytes, 0, 1);
    writer.row(10, false, bytes, 0, 1);
    return Source.level1(List.of(writer.finish()));
  }
}
