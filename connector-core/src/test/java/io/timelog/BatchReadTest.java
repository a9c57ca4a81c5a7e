package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entries of one key, read in batches. */
final class BatchReadTest {
  private static final Span KEY = span("key");

  private final TimelogStore store = TimelogStore.builder().build();
  private final Table map = store.createTable(TableOptions.map("map").unbounded().build());
  private final Table multimap =
      store.createTable(TableOptions.multimap("multimap").windowSize(100, 0).build());
  private final BatchPosition position = new BatchPosition();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void batch_isFullByEntriesOrByBytes() {
    append(10, "aa", "bb", "cc", "dd", "ee");

    assertThat(read(multimap, new EntryBatch(2, 100))).containsExactly("aa", "bb");
    assertThat(read(multimap, new EntryBatch(9, 5))).containsExactly("cc", "dd");
    assertThat(position.isExhausted()).isFalse();
    assertThat(read(multimap, new EntryBatch())).containsExactly("ee");
    assertThat(position.isExhausted()).isTrue();
    assertThat(read(multimap, new EntryBatch())).isEmpty();
  }

  @Test
  void entryThatIsLargerThanABatch_isReadByItself() {
    append(10, "a", "a long one", "b");

    assertThat(read(multimap, new EntryBatch(9, 4))).containsExactly("a");
    assertThat(read(multimap, new EntryBatch(9, 4))).containsExactly("a long one");
    assertThat(read(multimap, new EntryBatch(9, 4))).containsExactly("b");
  }

  @Test
  void range_isKeptToTheEnd() {
    append(10, "a");
    append(20, "b", "c");
    append(150, "d");
    append(200, "e");
    position.begin(TimeRange.of(20, 200));

    assertThat(read(multimap, new EntryBatch(1, 100))).containsExactly("b");
    assertThat(read(multimap, new EntryBatch())).containsExactly("c", "d");
    assertThat(read(multimap, new EntryBatch())).isEmpty();
    assertThat(read(multimap, new EntryBatch(), position.begin(TimeRange.empty()))).isEmpty();
    assertThat(position.isExhausted()).isTrue();
  }

  @Test
  void entriesOfATimestamp_areCounted() {
    append(10, "a");
    append(20, "b", "c");
    IntStream.range(0, 5_000).forEach(i -> append(20, "many"));
    append(21, "d");

    TableWriter writer = multimap.writer();
    assertThat(writer.count(KEY, 20)).isEqualTo(5_002);
    assertThat(writer.count(KEY, 19)).isZero();
    store.flush();
    append(20, "e");

    assertThat(writer.count(KEY, 20)).isEqualTo(5_003);
    assertThat(writer.count(span("another key"), 20)).isZero();
  }

  @Test
  void whatIsWrittenBehindThePosition_isSeenByTheNextRead() {
    append(10, "a", "b");
    assertThat(read(multimap, new EntryBatch())).containsExactly("a", "b");

    append(5, "before");
    append(10, "c");
    append(11, "d");

    assertThat(read(multimap, new EntryBatch())).containsExactly("c", "d");
  }

  @Test
  void mapIsReadOnBehindTheSubkey_alsoIfThatIsGone() {
    IntStream.range(0, 10).forEach(i -> put(10, "s" + i, "v" + i));
    assertThat(read(map, new EntryBatch(5, 100))).containsExactly("v0", "v1", "v2", "v3", "v4");

    map.writer().remove(KEY, 10, span("s4"));
    map.writer().remove(KEY, 10, span("s6"));
    put(10, "s2x", "seen no more");
    put(10, "s7x", "new");

    assertThat(read(map, new EntryBatch())).containsExactly("v5", "v7", "new", "v8", "v9");
  }

  @Test
  void position_canBeMadeAgainOfWhatWasNoted() {
    IntStream.range(0, 10).forEach(i -> put(10, "s" + i, "v" + i));
    read(map, new EntryBatch(7, 100));
    long timestamp = position.timestamp();
    byte[] subkey = position.subkey(new Span()).toByteArray();
    long passed = position.entriesPassed();

    BatchPosition again = new BatchPosition().moveBehind(timestamp, Span.of(subkey), passed);

    assertThat(again).hasToString("BatchPosition[timestamp=10, entriesPassed=7, exhausted=false]");
    assertThat(read(map, new EntryBatch(), again)).containsExactly("v7", "v8", "v9");
  }

  @Test
  void snapshot_isReadInBatches_asItWas() {
    append(10, "a", "b", "c");
    try (Snapshot snapshot = store.snapshot()) {
      TableReader past = snapshot.table("multimap");
      assertThat(read(past, new EntryBatch(1, 100))).containsExactly("a");
      multimap.removeRange(KEY.toByteArray(), TimeRange.all());
      store.flush();

      assertThat(read(past, new EntryBatch())).containsExactly("b", "c");
    }
  }

  @Test
  void readThatIsRefused_leavesThePosition() {
    append(10, "a", "b");
    EntryBatch batch = new EntryBatch(1, 100);
    read(multimap, batch);
    store.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> multimap.readBatch(KEY, position, new EntryBatch()));
    assertThatIllegalStateException()
        .isThrownBy(() -> multimap.writer().readBatch(KEY, position, new EntryBatch()));

    assertThat(position.entriesPassed()).isEqualTo(1);
    assertThat(batch.size()).isEqualTo(1);
  }

  @Test
  void manyEntriesOfOneTimestamp_areReadInAnyBatchSize() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String value = i % 3_000 < 1_500 ? "value-" + (10_000 + i) : "v" + i;
      append(10, value);
      expected.add(value);
      if (i == 9_000) {
        store.flush();
      }
    }
    append(11, "end");
    expected.add("end");

    for (int entries : new int[] {7, 100, 5_000}) {
      assertThat(readAll(entries)).isEqualTo(expected);
    }
    store.flush();
    store.compact();
    assertThat(readAll(100)).isEqualTo(expected);
  }

  private List<String> readAll(int entries) {
    List<String> all = new ArrayList<>();
    position.begin(TimeRange.all());
    EntryBatch batch = new EntryBatch(entries, 1 << 20);
    List<String> some = read(multimap, batch);
    while (!some.isEmpty()) {
      all.addAll(some);
      some = read(multimap, batch);
    }
    return all;
  }

  @Test
  void batchOfCopies_staysWhenTheTableGoes() {
    append(10, "a");
    EntryBatch batch = new EntryBatch();
    multimap.readBatch(KEY, position, batch);
    store.dropTable("multimap");

    assertThat(batch.timestamp(0)).isEqualTo(10);
    assertThat(batch.value(0, new Span()).toByteArray()).isEqualTo("a".getBytes(UTF_8));
    assertThat(batch.subkey(0, new Span()).isEmpty()).isTrue();
    assertThat(batch).hasToString("EntryBatch[size=1, payloadBytes=1]");
  }

  @Test
  void boundsOfABatch_arePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EntryBatch(0, 1))
        .withMessage("The bounds of a batch must be positive: maxEntries=0, maxBytes=1");
  }

  private void append(long timestamp, String... values) {
    for (String value : values) {
      multimap.writer().append(KEY, timestamp, span(value));
    }
  }

  private void put(long timestamp, String subkey, String value) {
    map.writer().put(KEY, timestamp, span(subkey), span(value));
  }

  private List<String> read(TableReader from, EntryBatch batch) {
    return read(from, batch, position);
  }

  private static List<String> read(TableReader from, EntryBatch batch, BatchPosition at) {
    int count = from.readBatch(KEY, at, batch);
    assertThat(batch.size()).isEqualTo(count);
    List<String> values = new ArrayList<>();
    Span value = new Span();
    for (int i = 0; i < count; i++) {
      values.add(new String(batch.value(i, value).toByteArray(), UTF_8));
    }
    return values;
  }

  private static Span span(String text) {
    return Span.of(text.getBytes(UTF_8));
  }
}
