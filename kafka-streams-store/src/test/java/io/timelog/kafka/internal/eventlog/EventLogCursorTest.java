package io.timelog.kafka.internal.eventlog;

import static io.timelog.kafka.internal.eventlog.EventLogFixture.entries;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.eventlog.EventLogStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Entries read in place. That they are the right ones is the matter of {@link EventLogModelTest}.
 */
final class EventLogCursorTest {
  private final EventLogFixture fixture = new EventLogFixture();
  private final EventLogStore<String, String> store = fixture.store;

  @BeforeEach
  void appendSome() {
    store.append("a", 10, "one");
    store.append("b", 20, "two");
    store.append("a", 30, "three");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void entry_isReadInPlace_orDeserializedWhenAsked() {
    try (EventLogCursor<String, String> cursor = store.cursorAll(TimeRange.since(20))) {
      assertThat(cursor.advance()).isTrue();

      ByteBuffer bytes = cursor.valueBytes();
      assertThat(bytes.isReadOnly()).isTrue();
      assertThat(bytes.isDirect()).isTrue();
      assertThat(UTF_8.decode(bytes).toString()).isEqualTo("two");
      assertThat(cursor.valueLength()).isEqualTo(3);
      assertThat(cursor.timestamp()).isEqualTo(20);
      assertThat(cursor.key()).isEqualTo("b");
      assertThat(cursor.value()).isEqualTo("two");
    }
  }

  @Test
  void keyThatWasAskedFor_isTheOneThatIsReturned() {
    String asked = new String(new char[] {'a'});
    try (EventLogCursor<String, String> cursor = store.cursor(asked, TimeRange.all())) {
      assertThat(cursor.advance()).isTrue();

      assertThat((Object) cursor.key()).isSameAs(asked);
    }
  }

  @Test
  void readTimestamps_leavesTheCursorAtTheLastOfThem() {
    try (EventLogCursor<String, String> cursor = store.cursorBackward("a", TimeRange.all())) {
      long[] one = new long[1];
      long[] two = new long[2];

      assertThat(cursor.readTimestamps(one)).isEqualTo(1);
      assertThat(one).containsExactly(30);
      assertThat(cursor.value()).isEqualTo("three");

      assertThat(cursor.readTimestamps(two)).isEqualTo(1);
      assertThat(two).containsExactly(10, 0);
      assertThat(cursor.readTimestamps(two)).isZero();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cursor.readTimestamps(new long[0]))
          .withMessageContaining("store=events, task=0_0");
    }
  }

  @Test
  void cursor_seesTheMomentInWhichItWasOpened() {
    EventLogCursor<String, String> cursor = store.cursor("a", TimeRange.all());
    store.append("a", 15, "new");
    store.deleteBefore(100);

    assertThat(entries(cursor)).containsExactly("10 a=one", "30 a=three");
  }

  @Test
  void cursorThatIsExhausted_saysSo_andHoldsNothing() {
    EventLogCursor<String, String> cursor = store.cursor("c", TimeRange.all());

    assertThat(cursor.advance()).isFalse();
    assertThat(cursor.advance()).isFalse();
    assertThat(fixture.metric("open-readers")).isZero();
  }

  @Test
  void cursorWithoutAnEntry_hasNothingToTell() {
    try (EventLogCursor<String, String> cursor = store.cursor("a", TimeRange.all())) {
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              cursor::timestamp,
              cursor::key,
              cursor::value,
              cursor::valueLength,
              cursor::valueBytes)) {
        assertThatIllegalStateException().isThrownBy(use);
      }
    }
  }

  @Test
  void cursorThatIsClosed_isAnError() {
    EventLogCursor<String, String> cursor = store.cursor("a", TimeRange.all());
    cursor.close();
    cursor.close();

    assertThatThrownBy(cursor::advance)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Cursor is closed: store=events, task=0_0");
    assertThat(fixture.metric("open-readers")).isZero();
  }

  @Test
  void cursorWhoseStoreIsClosed_isAnError_andNotShort() {
    EventLogCursor<String, String> cursor = store.cursorAll(TimeRange.all());
    assertThat(cursor.advance()).isTrue();

    store.close();

    assertThatThrownBy(cursor::advance)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=events, task=0_0");
    assertThatThrownBy(() -> cursor.readTimestamps(new long[1]))
        .isInstanceOf(InvalidStateStoreException.class);
    assertThatThrownBy(() -> store.cursor("a", TimeRange.all()))
        .isInstanceOf(InvalidStateStoreException.class);
    cursor.close();
  }

  @Test
  void deserializer_isNotAskedForWhatNobodyWants() {
    Serde<String> failing =
        Serdes.serdeFrom(
            Serdes.String().serializer(),
            (Deserializer<String>)
                (topic, bytes) -> {
                  throw new SerializationException("not readable");
                });
    try (EventLogFixture unreadable =
        new EventLogFixture(TimelogStores.eventLogStore("events", Serdes.String(), failing))) {
      unreadable.store.append("a", 10, "one");
      unreadable.store.append("a", 20, "two");

      assertThat(entries(unreadable.store.cursor("a", TimeRange.all())))
          .containsExactly("10 a=one", "20 a=two");
      try (EventLogCursor<String, String> cursor = unreadable.store.cursor("a", TimeRange.all())) {
        assertThat(cursor.advance()).isTrue();
        assertThatThrownBy(cursor::value)
            .isInstanceOf(ProcessorStateException.class)
            .hasMessage(
                "A value could not be deserialized: store=events, task=0_0, cause=not readable");
        assertThat(cursor.advance()).isTrue();
      }
    }
  }
}
