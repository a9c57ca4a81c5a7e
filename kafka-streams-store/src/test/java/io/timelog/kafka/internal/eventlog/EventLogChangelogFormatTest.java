package io.timelog.kafka.internal.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of a changelog, which must be read for as long as there are topics that hold them. */
final class EventLogChangelogFormatTest {
  private static final byte[] KEY = {0x61, 0x62};

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  private static byte[] bytes(int length, int first) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      bytes[0] = (byte) first;
    }
    return bytes;
  }

  @Test
  void entry_isItsTimestampAndKey() {
    byte[] key = EventLogChangelogFormat.entryKey(KEY, 0x0102030405060708L);

    assertThat(hex(key)).isEqualTo("01 01 02 03 04 05 06 07 08 61 62");
    assertThat(EventLogChangelogFormat.kind(key, new byte[0]))
        .isEqualTo(EventLogChangelogFormat.ENTRY);
    assertThat(EventLogChangelogFormat.entryTimestamp(key)).isEqualTo(0x0102030405060708L);
  }

  @Test
  void deletes_areTheirKindAndRange() {
    byte[] before = EventLogChangelogFormat.controlKey(EventLogChangelogFormat.DELETE_BEFORE);
    byte[] cutoff = EventLogChangelogFormat.cutoff(-2);
    byte[] range = EventLogChangelogFormat.range(TimeRange.of(10, 20));
    byte[] ofKey = EventLogChangelogFormat.deletedKey(KEY);

    assertThat(hex(before)).isEqualTo("02");
    assertThat(hex(cutoff)).isEqualTo("ff ff ff ff ff ff ff fe");
    assertThat(hex(range)).isEqualTo("00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 13");
    assertThat(hex(ofKey)).isEqualTo("04 61 62");
    assertThat(EventLogChangelogFormat.kind(before, cutoff))
        .isEqualTo(EventLogChangelogFormat.DELETE_BEFORE);
    assertThat(EventLogChangelogFormat.readCutoff(cutoff)).isEqualTo(-2);
    assertThat(EventLogChangelogFormat.kind(new byte[] {3}, range))
        .isEqualTo(EventLogChangelogFormat.DELETE_RANGE);
    assertThat(EventLogChangelogFormat.kind(ofKey, range))
        .isEqualTo(EventLogChangelogFormat.DELETE_KEY_RANGE);
    assertThat(EventLogChangelogFormat.readRange(range)).isEqualTo(TimeRange.of(10, 20));
    assertThat(EventLogChangelogFormat.keyOfDelete(ofKey)).isEqualTo(KEY);
  }

  @Test
  void allOfTime_isARange() {
    assertThat(EventLogChangelogFormat.readRange(EventLogChangelogFormat.range(TimeRange.all())))
        .isEqualTo(TimeRange.all());
  }

  @Test
  void foreignBytes_areRefused_withWhatWasFound() {
    assertThatThrownBy(() -> EventLogChangelogFormat.kind(null, new byte[0]))
        .hasMessage(
            "Not a changelog record of an event-log store, a key or a value is missing: kind=none,"
                + " keyLength=null, valueLength=0");
    assertThatThrownBy(() -> EventLogChangelogFormat.kind(bytes(9, 1), null))
        .hasMessageContaining("kind=1, keyLength=9, valueLength=null");
    for (int kind : new int[] {1, 2, 3, 4}) {
      assertThatThrownBy(
              () -> EventLogChangelogFormat.kind(bytes(kind == 1 ? 8 : 2, kind), bytes(7, 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("wrong length: kind=" + kind);
    }
    assertThatThrownBy(() -> EventLogChangelogFormat.kind(bytes(20, 0), bytes(7, 0)))
        .hasMessageContaining("unknown kind of record: kind=0, keyLength=20, valueLength=7");
  }
}
