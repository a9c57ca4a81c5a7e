package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorVisitTest {
  private static final byte[] KEY = {7};

  private final List<Long> visited = new ArrayList<>();

  @Test
  void visitsWhatIsLeftAndClosesTheCursor() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Cursor cursor = tableOf(store, 200).scan(KEY, TimeRange.all());
      cursor.advance();
      cursor.advance();

      cursor.forEachRemaining(this::note);

      assertThat(visited).hasSize(198).startsWith(2L, 3L).endsWith(198L, 199L).isSorted();
      assertThat(cursor.isClosed()).isTrue();
      cursor.close();
      assertThatThrownBy(() -> cursor.forEachRemaining(this::note))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closesTheCursorWhenTheVisitorThrows() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Cursor cursor = tableOf(store, 200).scan(KEY, TimeRange.all());

      assertThatThrownBy(
              () ->
                  cursor.forEachRemaining(
                      (timestamp, buffer, offset, length) -> {
                        throw new IllegalArgumentException("at " + timestamp);
                      }))
          .hasMessage("at 0");

      assertThat(cursor.isClosed()).isTrue();
    }
  }

  @Test
  void neverVisitsWhereNothingIsLeft() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Cursor cursor = tableOf(store, 3).scan(KEY, TimeRange.of(5, 9));
      cursor.forEachRemaining(this::note);
      assertThat(visited).isEmpty();
    }
  }

  private static Table tableOf(TimelogStore store, int entries) {
    Table table = store.createTable(TableOptions.multimap("visited").build());
    for (int i = 0; i < entries; i++) {
      table.append(KEY, i, ByteBuffer.allocate(8).putLong(i).array());
    }
    return table;
  }

  private void note(long timestamp, ByteBuffer buffer, int offset, int length) {
    assertThat(length).isEqualTo(Long.BYTES);
    assertThat(buffer.isReadOnly()).isTrue();
    assertThat(buffer.getLong(offset)).isEqualTo(timestamp);
    visited.add(timestamp);
  }
}
