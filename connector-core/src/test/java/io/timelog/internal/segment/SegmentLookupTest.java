package io.timelog.internal.segment;

import static io.timelog.internal.segment.ModelSegment.drain;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.segment.ModelSegment.ModelKey;
import io.timelog.internal.segment.ModelSegment.ModelRow;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lookups in flushed maps: what they find, and how many pages they load for it. */
final class SegmentLookupTest {
  private static final ModelKey KEY = ModelKey.of(0, (byte) 9);

  private final MemoryStorage storage =
      new MemoryStorage(new MemoryAccount(new BufferPool(256 << 20)));

  @Test
  void entry_isFoundAmongManyOfOneTimestamp() {
    ModelSegment model = new ModelSegment();
    for (int subkey = 0; subkey < 3_000; subkey++) {
      model.add(KEY, entry(50, 2 * subkey));
    }
    Segment segment = write(model, 512);

    assertThat(segment.pageCount()).isGreaterThan(100);
    for (int subkey = 0; subkey < 3_000; subkey++) {
      assertThat(value(segment, 50, 2 * subkey)).isEqualTo(2 * subkey);
      assertThat(value(segment, 50, 2 * subkey + 1)).isNull();
    }
    assertThat(value(segment, 50, -1)).isNull();
    assertThat(value(segment, 49, 10)).isNull();
    assertThat(value(segment, 51, 10)).isNull();
  }

  @Test
  void entry_isFoundLikeInASortedMap() {
    for (int seed = 0; seed < 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSegment model = new ModelSegment();
      int keys = 1 + random.nextInt(3);
      int timestamps = 1 + random.nextInt(20);
      for (int key = 0; key < keys; key++) {
        for (int timestamp = 0; timestamp < timestamps; timestamp++) {
          if (random.nextInt(4) == 0) {
            model.add(key(key), rangeTombstone(2L * timestamp));
          }
          for (int subkey = 0; subkey < 40; subkey++) {
            if (random.nextInt(3) == 0) {
              boolean tombstone = random.nextInt(4) == 0;
              model.add(
                  key(key),
                  tombstone
                      ? pointTombstone(2L * timestamp, subkey)
                      : entry(2L * timestamp, subkey));
            }
          }
        }
      }
      Segment segment = write(model, random.nextBoolean() ? 256 : 4096);

      for (int key = 0; key < keys; key++) {
        List<ModelRow> rows = model.rows().getOrDefault(key(key), List.of());
        for (int timestamp = -1; timestamp <= 2 * timestamps; timestamp++) {
          for (int subkey = -1; subkey <= 40; subkey++) {
            checkEntry(segment, key(key), rows, timestamp, subkey);
          }
        }
      }
    }
  }

  private static void checkEntry(
      Segment segment, ModelKey key, List<ModelRow> rows, long timestamp, int subkey) {
    List<ModelRow> wanted = List.of(pointTombstone(timestamp, subkey), entry(timestamp, subkey));
    RowCursor found = segment.findEntry(key.key(), 0, timestamp, Span.of(subkey(subkey)));
    assertThat(found == null ? null : ModelRow.of(found))
        .isEqualTo(rows.stream().filter(wanted::contains).findFirst().orElse(null));

    long last = timestamp + 3;
    List<ModelRow> rest =
        rows.stream()
            .filter(row -> row.timestamp() <= last)
            .filter(row -> isNotBefore(row, timestamp, subkey))
            .toList();
    assertThat(drain(segment.findFrom(key.key(), timestamp, Span.of(subkey(subkey)), last)))
        .isEqualTo(rest);
  }

  private static boolean isNotBefore(ModelRow row, long timestamp, int subkey) {
    if (row.timestamp() != timestamp) {
      return row.timestamp() > timestamp;
    }
    byte[] payload = row.payload().array();
    if (row.tombstone() && payload[0] == RowFormat.RANGE) {
      return false;
    }
    int from = row.tombstone() ? 2 : 1;
    byte[] own = Arrays.copyOfRange(payload, from, from + 4);
    return Arrays.compareUnsigned(own, subkey(subkey)) >= 0;
  }

  @Test
  void entryAmongManyPages_isFoundByLoadingTheLogarithmOfThem() {
    ModelSegment model = new ModelSegment();
    for (int subkey = 0; subkey < 100_000; subkey++) {
      model.add(KEY, entry(50, subkey));
    }
    byte[] bytes = bytes(model, 1024);

    for (int subkey = 0; subkey < 100_000; subkey += 9_973) {
      BytesInput input = new BytesInput(bytes);
      Segment segment = Segment.open(input);
      int opened = input.reads();

      assertThat(value(segment, 50, subkey)).isEqualTo(subkey);

      assertThat(segment.pageCount()).isBetween(1_000, 4_096);
      // The first page, for the bytes of the key, and those that the search halves.
      assertThat(input.reads() - opened).isLessThanOrEqualTo(1 + 12 + 1);
    }
  }

  @Test
  void rowsOfAKeyInARange_areToldByTheBoundsOfPages() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 10_000; i++) {
      model.add(KEY, ModelRow.of(10L * i, false, new byte[16]));
    }
    BytesInput input = new BytesInput(bytes(model, 1024));
    Segment segment = Segment.open(input);
    Key key = KEY.key();
    assertThat(segment.contains(key)).isTrue();
    int opened = input.reads();

    assertThat(segment.hasRows(key, 0, -100, -1)).isFalse();
    assertThat(segment.hasRows(key, 0, 100_000, 200_000)).isFalse();
    assertThat(segment.hasRows(key, 0, 30_000, 60_000)).isTrue();
    assertThat(segment.hasRows(key, 0, Long.MIN_VALUE, Long.MAX_VALUE)).isTrue();
    assertThat(input.reads()).isEqualTo(opened);

    assertThat(segment.hasRows(key, 0, 50_001, 50_009)).isFalse();
    assertThat(segment.hasRows(key, 0, 50_001, 50_010)).isTrue();
    assertThat(input.reads() - opened).isLessThanOrEqualTo(2);
  }

  @Test
  void oldestAndNewestTimestamp_loadNoPageWhereBoundsTellThem() {
    ModelSegment model = new ModelSegment();
    for (int i = 0; i < 10_000; i++) {
      model.add(KEY, ModelRow.of(10L * i, false, new byte[16]));
    }
    BytesInput input = new BytesInput(bytes(model, 1024));
    Segment segment = Segment.open(input);
    int opened = input.reads();

    assertThat(segment.firstTimestamp(0, -5, 500, Direction.FORWARD)).hasValue(0);
    assertThat(segment.firstTimestamp(0, 500, Long.MAX_VALUE, Direction.BACKWARD)).hasValue(99_990);
    assertThat(input.reads()).isEqualTo(opened);

    assertThat(segment.firstTimestamp(0, 50_001, 90_000, Direction.FORWARD)).hasValue(50_010);
    assertThat(segment.firstTimestamp(0, 50_001, 90_009, Direction.BACKWARD)).hasValue(90_000);
    assertThat(segment.firstTimestamp(0, 50_001, 50_009, Direction.FORWARD)).isEmpty();
    assertThat(input.reads() - opened).isLessThanOrEqualTo(4);
  }

  @Test
  void keyAmongManyOfOneHash_isFoundByLoadingTheLogarithmOfTheirPages() {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    Key wanted = Key.of(collider(5_001), 0);
    SegmentWriter writer =
        new SegmentWriter(
            storage.create("s"), SegmentOptions.of("t", 0, 20_000).withTargetPageBytes(512));
    for (int i = 0; i < 10_001; i += 2) {
      // The writer takes the hash as it is told.
      int number = i >= 5_001 ? i + 1 : i;
      bytes.put(0, collider(number));
      writer.startKey(0, wanted.hash(), bytes, 0, 16);
      writer.row(number, false, bytes, 0, 0);
    }
    writer.finish();
    BytesInput input = new BytesInput(BytesInput.copyOf(storage.open("s")));
    Segment segment = Segment.open(input);
    assertThat(segment.pageCount()).isGreaterThan(300);
    int opened = input.reads();

    assertThat(segment.contains(wanted)).isFalse();

    assertThat(input.reads() - opened).isLessThanOrEqualTo(13);
  }

  @Test
  void everyKeyOfOneHash_isFound() {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    List<Key> present = new ArrayList<>();
    Key one = Key.of(collider(400), 2);
    SegmentWriter writer =
        new SegmentWriter(
            storage.create("s"), SegmentOptions.of("t", 0, 20_000).withTargetPageBytes(512));
    // Groups around the key's own, whose keys have the same bytes and so the same hash.
    for (int group = 0; group < 5; group++) {
      bytes.put(0, collider(400));
      writer.startKey(group, one.hash(), bytes, 0, 16);
      writer.row(group, false, bytes, 0, 0);
      present.add(Key.of(collider(400), group));
    }
    Segment segment = writer.finish();

    for (Key key : present) {
      assertThat(drain(segment.find(key, 0, 0, 100)))
          .containsExactly(ModelRow.of(key.group(), false));
    }
    assertThat(segment.contains(Key.of(collider(400), 5))).isFalse();
  }

  private Segment write(ModelSegment model, int targetPageBytes) {
    return Segment.open(new BytesInput(bytes(model, targetPageBytes)));
  }

  private byte[] bytes(ModelSegment model, int targetPageBytes) {
    model.write(
        storage.create("s"),
        SegmentOptions.of("t", -1_000, 1_000_000).withTargetPageBytes(targetPageBytes));
    byte[] bytes = BytesInput.copyOf(storage.open("s"));
    storage.delete("s");
    return bytes;
  }

  private static @Nullable Integer value(Segment segment, long timestamp, int subkey) {
    RowCursor row = segment.findEntry(KEY.key(), 0, timestamp, Span.of(subkey(subkey)));
    return row == null
        ? null
        : ByteBuffer.wrap(
                RowFormat.mapValue(
                    row.payload(), row.payloadOffset(), row.payloadOffset() + row.payloadLength()))
            .getInt();
  }

  private static ModelKey key(int number) {
    return ModelKey.of(number % 2, (byte) number);
  }

  private static ModelRow entry(long timestamp, int subkey) {
    return ModelRow.of(
        timestamp,
        false,
        ByteBuffer.allocate(9).put((byte) 4).put(subkey(subkey)).putInt(subkey).array());
  }

  private static ModelRow pointTombstone(long timestamp, int subkey) {
    return ModelRow.of(
        timestamp,
        true,
        ByteBuffer.allocate(6).put(RowFormat.POINT).put((byte) 4).put(subkey(subkey)).array());
  }

  private static ModelRow rangeTombstone(long timestamp) {
    return ModelRow.of(
        timestamp,
        true,
        ByteBuffer.allocate(9)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(RowFormat.RANGE)
            .putLong(timestamp + 5)
            .array());
  }

  /** Ordered as the numbers from -1 on. */
  private static byte[] subkey(int number) {
    return ByteBuffer.allocate(4).putInt(number + 1).array();
  }

  private static byte[] collider(int number) {
    return String.format("collider%08d", number).getBytes(StandardCharsets.US_ASCII);
  }
}
