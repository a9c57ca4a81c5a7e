package io.timelog.flink.internal.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SegmentSourceTest {
  private final SegmentSource source = new SegmentSource();

  @Test
  void buffers_haveTheSizeThatWasAskedFor() {
    ByteBuffer buffer = source.allocate(4096);

    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.capacity()).isEqualTo(4096);
    assertThat(buffer.isReadOnly()).isFalse();
    source.free(buffer);
  }

  @Test
  void strangersBuffer_isRefused() {
    assertThatThrownBy(() -> source.free(ByteBuffer.allocateDirect(8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedStore_givesBackEveryBuffer() {
    TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(64 << 20, source)).build();
    Table table = store.createTable(TableOptions.multimap("table").build());
    for (int i = 0; i < 10_000; i++) {
      table.append(("key" + i % 100).getBytes(UTF_8), i, new byte[100]);
    }
    Cursor cursor = table.scanByKey(TimeRange.all());

    store.close();

    assertThat(source.buffersOut()).isPositive();
    cursor.close();
    assertThat(source.buffersOut()).isZero();
  }
}
