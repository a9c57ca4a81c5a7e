package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A table that indexes time answers as one that does not, whatever its windows have been through.
 */
class TimeIndexedTableTest {
  private static final long WINDOW = 10_000;
  private static final int KEYS = 300;

  private final TimelogStore store =
      TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(256 << 20)).build();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void multimapsAnswerAlike() {
    Table indexed = store.createTable(multimap("indexed").indexTime().build());
    Table plain = store.createTable(multimap("plain").build());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] key = key(random.nextInt(KEYS));
      long time = i + random.nextLong(-500, 500);
      byte[] value = value(i);
      both(indexed, plain, table -> table.append(key, time, value));
      if (i % 50 == 0) {
        TimeRange range = TimeRange.of(time - 20, time);
        both(indexed, plain, table -> table.removeRange(key, range));
      }
      if (i % 7_000 == 6_999) {
        store.flush();
      }
    }
    both(indexed, plain, table -> table.deleteRange(TimeRange.of(9_000, 9_100)));

    assertAlike(indexed, plain);
  }

  @Test
  void mapsAnswerAlikeWhenRowsAreReplacedRemovedAndRewritten() {
    Table indexed = store.createTable(map("indexed").indexTime().build());
    Table plain = store.createTable(map("plain").build());
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 60_000; i++) {
      byte[] key = key(random.nextInt(KEYS));
      long time = i / 5 + random.nextLong(-100, 100);
      byte[] value = value(i);
      both(indexed, plain, table -> table.put(key, time, value));
      long before = time - 50;
      both(indexed, plain, table -> table.remove(key, before));
      if (i % 3 == 0) {
        TimeRange range = TimeRange.of(time - 3_000, time - 200);
        both(indexed, plain, table -> table.removeRange(key, range));
      }
    }

    assertAlike(indexed, plain);
  }

  @Test
  void aRangeDeletedInANewerSourceIsHiddenInAnOlderOne() {
    Table indexed = store.createTable(map("indexed").indexTime().build());
    indexed.put(key(1), 500, value(1));
    indexed.put(key(2), 500, value(2));
    store.flush();
    indexed.put(key(3), 100, value(3));
    indexed.removeRange(key(1), TimeRange.of(100, 600));

    assertThat(entries(indexed.scanByKey(TimeRange.of(499, 501)))).containsExactly("key2@500=2");
    assertThat(entries(indexed.scanAll(TimeRange.of(499, 501)))).containsExactly("key2@500=2");
  }

  @Test
  void aRangeDeletedInANewerSegmentIsHiddenInAnOlderOne() {
    Table indexed = store.createTable(map("indexed").indexTime().build());
    for (int i = 0; i < KEYS; i++) {
      indexed.put(key(i), 500 + i, value(i));
    }
    store.flush();
    indexed.put(key(3), 100, value(3));
    indexed.removeRange(key(1), TimeRange.of(100, 600));
    store.flush();

    assertThat(entries(indexed.scanByKey(TimeRange.of(500, 503))))
        .containsExactly("key0@500=0", "key2@502=2");
    assertThat(entries(indexed.scanByKeyBackward(null, null, TimeRange.of(500, 503))))
        .containsExactly("key2@502=2", "key0@500=0");
    store.compact();
    assertThat(entries(indexed.scanByKey(TimeRange.of(500, 503))))
        .containsExactly("key0@500=0", "key2@502=2");
  }

  @Test
  void segmentsAnswerAlikeAfterACompaction() {
    Table indexed = store.createTable(multimap("indexed").indexTime().build());
    Table plain = store.createTable(multimap("plain").build());
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] key = key(random.nextInt(KEYS));
      long time = random.nextLong(0, 20_000);
      byte[] value = value(i);
      both(indexed, plain, table -> table.append(key, time, value));
      if (i % 4_000 == 3_999) {
        store.flush();
      }
    }
    store.compact();

    assertAlike(indexed, plain);
  }

  @Test
  void rowsThatAreReplacedOverAndOverTakeNoMoreRoom() {
    Table table = store.createTable(map("indexed").indexTime().build());
    for (int i = 0; i < KEYS; i++) {
      table.put(key(i), 5, value(1_000_000));
    }
    long before = table.stats().memtableBytes();

    for (int i = 0; i < 200_000; i++) {
      table.put(key(i % KEYS), 5, value(1_000_000 + i));
    }

    assertThat(table.stats().memtableBytes()).isEqualTo(before);
  }

  @Test
  void rowsThatComeAndGoDoNotFillTheIndex() {
    Table table = store.createTable(map("indexed").indexTime().build());
    for (int i = 0; i < 500_000; i++) {
      table.put(key(i % KEYS), i % WINDOW, value(i));
      table.remove(key(i % KEYS), i % WINDOW);
    }
    table.put(key(1), 77, value(1));

    assertThat(table.stats().memtableBytes()).isLessThan(1 << 20);
    assertThat(entries(table.scanByKey(TimeRange.of(77, 78)))).containsExactly("key1@77=1");
  }

  @Test
  void aTableOverAllOfTimeFindsItsEnds() {
    Table table =
        store.createTable(TableOptions.multimap("indexed").unbounded().indexTime().build());
    table.append(key(1), Long.MIN_VALUE, value(1));
    table.append(key(1), 0, value(2));
    table.append(key(1), Long.MAX_VALUE, value(3));
    for (int i = 0; i < 10_000; i++) {
      table.append(key(i), i, value(i));
    }

    assertThat(table.minTimestamp()).hasValue(Long.MIN_VALUE);
    assertThat(table.maxTimestamp()).hasValue(Long.MAX_VALUE);
    assertThat(entries(table.scanAll(TimeRange.all()))).hasSize(10_003);
    assertThat(entries(table.scanAllBackward(TimeRange.all()))).hasSize(10_003);
    assertThat(entries(table.scanAll(TimeRange.of(50, 52))))
        .containsExactly("key50@50=50", "key51@51=51");
  }

  private static TableOptions.Builder multimap(String name) {
    return TableOptions.multimap(name).windowSize(WINDOW, 0);
  }

  private static TableOptions.Builder map(String name) {
    return TableOptions.map(name).windowSize(WINDOW, 0);
  }

  private static void both(Table indexed, Table plain, Consumer<Table> write) {
    write.accept(indexed);
    write.accept(plain);
  }

  private static void assertAlike(Table indexed, Table plain) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 40; i++) {
      long first = random.nextLong(-600, 20_000);
      long ticks = 1L << random.nextInt(14);
      TimeRange range = i == 0 ? TimeRange.all() : TimeRange.of(first, first + ticks);
      assertThat(entries(indexed.scanByKey(range))).isEqualTo(entries(plain.scanByKey(range)));
      assertThat(entries(indexed.scanByKeyBackward(null, null, range)))
          .isEqualTo(entries(plain.scanByKeyBackward(null, null, range)));
      assertThat(entries(indexed.scanAll(range))).isEqualTo(entries(plain.scanAll(range)));
      assertThat(entries(indexed.scanAllBackward(range)))
          .isEqualTo(entries(plain.scanAllBackward(range)));
    }
    assertThat(indexed.minTimestamp()).isEqualTo(plain.minTimestamp());
    assertThat(indexed.maxTimestamp()).isEqualTo(plain.maxTimestamp());
  }

  private static List<String> entries(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        entries.add(
            new String(cursor.key(), UTF_8)
                + "@"
                + cursor.timestamp()
                + "="
                + new String(cursor.value(), UTF_8));
      }
    }
    return entries;
  }

  private static byte[] key(int number) {
    return ("key" + number).getBytes(UTF_8);
  }

  private static byte[] value(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }
}
