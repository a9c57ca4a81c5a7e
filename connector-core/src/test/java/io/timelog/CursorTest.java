package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cursor promises before, on and after its entries, whatever opened it. */
final class CursorTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] SUBKEY = "subkey".getBytes(UTF_8);
  private static final byte[] VALUE = "a value".getBytes(UTF_8);

  private final TimelogStore store = TimelogStore.builder().build();
  private final Table map =
      store.createTable(
          TableOptions.map("map").windowSize(10, 0).keyGroups(KeyGroups.FIRST_BYTE).build());

  private static Map<String, Function<TableReader, Cursor>> scans() {
    TimeRange all = TimeRange.all();
    Map<String, Function<TableReader, Cursor>> scans = new LinkedHashMap<>();
    scans.put("scan", table -> table.scan(KEY, all));
    scans.put("scanBackward", table -> table.scanBackward(KEY, all));
    scans.put("scanAll", table -> table.scanAll(all));
    scans.put("scanAllBackward", table -> table.scanAllBackward(all));
    scans.put("scanByKey", table -> table.scanByKey(all));
    scans.put("scanByKeyBackward", table -> table.scanByKeyBackward(null, null, all));
    scans.put("scanKeyGroups", table -> table.scanKeyGroups(0, 255, all));
    scans.put("scanKeyGroupsBackward", table -> table.scanKeyGroupsBackward(0, 255, all));
    scans.put("scanKeys", table -> table.scanKeys(null, null, all));
    scans.put("scanKeysBackward", table -> table.scanKeysBackward(null, null, all));
    scans.put("keys", table -> table.keys(all));
    scans.put("keysBackward", table -> table.keysBackward(all));
    return scans;
  }

  private static Map<String, ThrowingCallable> accessors(Cursor cursor) {
    Map<String, ThrowingCallable> accessors = new LinkedHashMap<>();
    accessors.put("timestamp", cursor::timestamp);
    accessors.put("keyNumber", cursor::keyNumber);
    accessors.put("keyGroup", cursor::keyGroup);
    accessors.put("key", cursor::key);
    accessors.put("keyLength", cursor::keyLength);
    accessors.put("copyKey", () -> cursor.copyKey(new byte[64], 0));
    accessors.put("keyBuffer", cursor::keyBuffer);
    accessors.put("subkey", cursor::subkey);
    accessors.put("subkeyLength", cursor::subkeyLength);
    accessors.put("copySubkey", () -> cursor.copySubkey(new byte[64], 0));
    accessors.put("subkeyBuffer", cursor::subkeyBuffer);
    accessors.put("value", cursor::value);
    accessors.put("valueLength", cursor::valueLength);
    accessors.put("valueLong", () -> cursor.valueLong(0));
    accessors.put("copyValue", () -> cursor.copyValue(new byte[64], 0));
    accessors.put("valueBuffer", cursor::valueBuffer);
    return accessors;
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void fill() {
    map.put(KEY, 5, SUBKEY, VALUE);
    map.put(KEY, 15, SUBKEY, VALUE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keySubkeyAndValue_canEachBeReadInThreeWays(boolean flushed) {
    fill();
    if (flushed) {
      store.flush();
    }
    scans()
        .forEach(
            (name, scan) -> {
              try (Cursor cursor = scan.apply(map)) {
                while (cursor.advance()) {
                  assertThat(cursor.key()).as(name).isEqualTo(KEY);
                  assertThat(bytes(cursor.keyBuffer())).as(name).isEqualTo(KEY);
                  assertThat(cursor.keyLength()).as(name).isEqualTo(KEY.length);
                  assertThat(cursor.keyGroup()).as(name).isEqualTo('k');
                  assertThat(cursor.subkey()).as(name).isEqualTo(SUBKEY);
                  assertThat(bytes(cursor.subkeyBuffer())).as(name).isEqualTo(SUBKEY);
                  assertThat(cursor.subkeyLength()).as(name).isEqualTo(SUBKEY.length);
                  assertThat(bytes(cursor.valueBuffer())).as(name).isEqualTo(VALUE);
                  byte[] target = new byte[2 + KEY.length + SUBKEY.length + VALUE.length];
                  cursor.copyKey(target, 1);
                  cursor.copySubkey(target, 1 + KEY.length);
                  cursor.copyValue(target, 1 + KEY.length + SUBKEY.length);
                  assertThat(new String(target, UTF_8)).as(name).isEqualTo("\0keysubkeya value\0");
                }
              }
            });
  }

  @Test
  void targetThatIsTooSmall_isLeftAlone() {
    fill();
    try (Cursor cursor = map.scan(KEY, TimeRange.all())) {
      cursor.advance();
      byte[] target = new byte[KEY.length];

      assertThatThrownBy(() -> cursor.copyKey(target, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cursor.copySubkey(target, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cursor.copyValue(target, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(target).containsOnly(0);
    }
  }

  @Test
  void longOutsideTheValue_isRefused() {
    map.put(KEY, 5, SUBKEY, new byte[12]);
    try (Cursor cursor = map.scan(KEY, TimeRange.all())) {
      cursor.advance();

      assertThat(cursor.valueLong(4)).isZero();
      for (int offset : new int[] {-1, 5, 12, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        assertThatThrownBy(() -> cursor.valueLong(offset))
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessageContaining("offset=" + offset);
      }
    }
  }

  @Test
  void buffersInPlace_cannotBeWritten() {
    fill();
    try (Cursor cursor = map.scan(KEY, TimeRange.all())) {
      cursor.advance();

      assertThatThrownBy(() -> cursor.keyBuffer().put(0, (byte) 1))
          .isInstanceOf(ReadOnlyBufferException.class);
      assertThatThrownBy(() -> cursor.subkeyBuffer().put(0, (byte) 1))
          .isInstanceOf(ReadOnlyBufferException.class);
    }
  }

  @Test
  void accessorsBeforeTheFirstEntry_throw() {
    fill();
    scans()
        .forEach(
            (name, scan) -> {
              try (Cursor cursor = scan.apply(map)) {
                accessorsThrow(name, cursor, "call advance() first");
              }
            });
  }

  @Test
  void accessorsAfterTheLastEntry_throwAndAdvanceStaysFalse() {
    fill();
    scans()
        .forEach(
            (name, scan) -> {
              Cursor cursor = scan.apply(map);
              while (cursor.advance()) {
                assertThat(cursor.isClosed()).as(name).isFalse();
              }
              assertThat(cursor.isClosed()).as(name).isTrue();
              assertThat(cursor.advance()).as(name).isFalse();
              accessorsThrow(name, cursor, "closed");
            });
  }

  @Test
  void cursorThatWasClosed_throwsAndCanBeClosedAgain() {
    fill();
    scans()
        .forEach(
            (name, scan) -> {
              Cursor cursor = scan.apply(map);
              assertThat(cursor.advance()).as(name).isTrue();
              cursor.close();
              accessorsThrow(name, cursor, "closed");
              assertThatThrownBy(cursor::advance)
                  .as(name)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("closed");
              assertThatCode(cursor::close).as(name).doesNotThrowAnyException();
            });
  }

  @Test
  void cursorOfAStretchOfLikeEntries_endsThereWhenItIsClosed() {
    Table multimap = store.createTable(TableOptions.multimap("multimap").unbounded().build());
    for (int i = 0; i < 1_000; i++) {
      multimap.append(KEY, i, VALUE);
    }
    Cursor cursor = multimap.scan(KEY, TimeRange.all());
    for (int i = 0; i < 100; i++) {
      cursor.advance();
    }
    cursor.close();

    accessorsThrow("scan", cursor, "closed");
    assertThatThrownBy(cursor::advance).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void cursorOfAStoreThatIsClosed_readsItsSnapshotToTheEnd() {
    fill();
    scans()
        .forEach(
            (name, scan) -> {
              TimelogStore other = TimelogStore.builder().build();
              Table table =
                  other.createTable(
                      TableOptions.map("map")
                          .windowSize(10, 0)
                          .keyGroups(KeyGroups.FIRST_BYTE)
                          .build());
              table.put(KEY, 5, SUBKEY, VALUE);
              try (Cursor cursor = scan.apply(table)) {
                other.close();
                assertThat(cursor.advance()).as(name).isTrue();
                assertThat(cursor.value()).as(name).isEqualTo(VALUE);
                assertThat(cursor.advance()).as(name).isFalse();
              }
            });
  }

  private static void accessorsThrow(String scan, Cursor cursor, String message) {
    accessors(cursor)
        .forEach(
            (name, accessor) ->
                assertThatThrownBy(accessor)
                    .as("%s of %s", name, scan)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(message));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
