package io.timelog.internal.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LogFormatTest {
  private static final String LOG = "v1/log.hex";
  private static final String HEADER = "v1/log-header.hex";
  private static final long FILE = 9;
  private static final LoggedWindow CLICKS = new LoggedWindow(1, 3, 1, 300, 399);
  private static final LoggedWindow CARTS = new LoggedWindow(2, 4, 1, -1_000, -1);

  private final RecordingDisk disk = new RecordingDisk();

  @Test
  void log_isWrittenAsReleased() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.BUFFERED, Long.MAX_VALUE, FILE)) {
      writeGolden(on);
    }

    GoldenBytes.assertGolden(LOG, ByteBuffer.wrap(disk.files().get(LoggedStore.logName(FILE))));
  }

  private static void writeGolden(LogOnDisk on) throws IOException {
    PendingWrites pending = on.pending;
    pending.makeRoomForOperation();
    pending.createTable(1, shape("clicks", Rule.MULTIMAP, LateEntries.REFUSE, 100));
    pending.makeRoomForOperation();
    pending.createTable(2, shape("carts", Rule.MAP, LateEntries.ACCEPT, 1_000));
    PendingWindow clicks = pending.window(CLICKS);
    Row.append("k", 305, "v1").writeTo(clicks);
    Row.append("key2", 302, "").writeTo(clicks);
    Row.removeRange("k", 400, 499).writeTo(clicks);
    on.log.relieve();
    on.log.force();

    PendingWindow carts = pending.window(CARTS);
    Row.put("k", -1_000, "s", "value").writeTo(carts);
    Row.remove("k", -1, "s").writeTo(carts);
    pending.makeRoomForOperation();
    pending.deleteRange(2, -500, -1, 7);
    Row.put("k", -500, "", "xxx").writeTo(carts);
    pending.makeRoomForOperation();
    pending.floor(1, 350);
    pending.makeRoomForOperation();
    pending.dropTable(9);
    on.log.commit(5, CommitToken.of("tok".getBytes(US_ASCII)));
    on.log.force();
    on.log.commit(8, CommitToken.EMPTY);
  }

  private static TableShape shape(String name, Rule rule, LateEntries late, long width) {
    return new TableShape(
        name,
        rule,
        late,
        KeyGroups.NONE,
        WindowIndex.KEY,
        new GridShape(GridKind.DECLARED, width, 0));
  }

  @Test
  void log_isReadAsReleased() throws IOException {
    RecordingDisk golden =
        new RecordingDisk(Map.of(LoggedStore.logName(FILE), GoldenBytes.read(LOG)));

    LogManifest manifest = new LogManifest(List.of(new LogEntry(FILE, LogEntry.OPEN)), 1, 8);
    assertThat(LogOnDisk.seen(golden, manifest))
        .containsExactly(
            "create 1 clicks",
            "create 2 carts",
            "section 1 serial 3 base 1 window 300..399",
            "k@305=v1",
            "key2@302=",
            "-k@400..499",
            "section 2 serial 4 base 1 window -1000..-1",
            "k@-1000/s=value",
            "-k@-1/s",
            "delete 2 -500..-1 at 7",
            "section 2 serial 4 base 1 window -1000..-1",
            "k@-500/=xxx",
            "floor 1 350",
            "drop 9",
            "commit 5 tok",
            "commit 8 ");
    assertThat(LogOnDisk.recover(golden, manifest).token()).isEqualTo(CommitToken.EMPTY);
  }

  @Test
  void header_isWrittenAndReadAsReleased() {
    LogHeader header = new LogHeader(0x2A, 0x29, 0x1000);
    ByteBuffer bytes = ByteBuffer.allocate(LogHeaderFormat.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    LogHeaderFormat.put(bytes, LoggedStore.ID, header);

    GoldenBytes.assertGolden(HEADER, bytes);
    ByteBuffer golden = GoldenBytes.buffer(HEADER);
    assertThat(LogHeaderFormat.isWhole(golden)).isTrue();
    assertThat(LogHeaderFormat.get(golden, LoggedStore.ID, 0x2A, "h")).isEqualTo(header);
  }

  @Test
  void headerOfAnotherVersion_isNoDamage() {
    ByteBuffer newer = GoldenBytes.buffer(HEADER);
    newer.putShort(8, (short) 2);
    newer.putInt(60, Checksum.of(newer, 0, 60));

    assertThat(LogHeaderFormat.isWhole(newer)).isTrue();
    assertThatThrownBy(() -> LogHeaderFormat.get(newer, LoggedStore.ID, 0x2A, "h"))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Log has a format that this build does not read, use a newer version of Timelog:"
                + " formatVersion=2, known=1, source=h@8");
  }

  @Test
  void headerOfAnotherFileOrStore_isReported() {
    ByteBuffer header = GoldenBytes.buffer(HEADER);

    assertThatThrownBy(() -> LogHeaderFormat.get(header, LoggedStore.ID, 0x2B, "h"))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Log file has the name of another one: number=42, source=h@32");
    assertThatThrownBy(() -> LogHeaderFormat.get(header, new UUID(1, 2), 0x2A, "h"))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith("Log file is of another store: store=11223344-5566-7788-");
  }

  @Test
  void everyFlippedBitOfAHeader_isFound() {
    byte[] good = GoldenBytes.read(HEADER);
    for (int bit = 0; bit < Byte.SIZE * good.length; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);

      ByteBuffer bytes = ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(LogHeaderFormat.isWhole(bytes)).as("bit %s", bit).isFalse();
    }
  }
}
