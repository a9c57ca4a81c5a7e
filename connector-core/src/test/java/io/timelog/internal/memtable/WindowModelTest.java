package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random writes to one window, with readers of several versions open, beside sorted maps of which
 * each reader has a copy.
 */
@Execution(ExecutionMode.CONCURRENT)
class WindowModelTest {
  private static final long EMPTY_KEY_TABLE_BYTES = 128;

  private static final long LAST = 999;

  /** A row as a reader sees it: when, which and how long. In a multimap the subkey is a number. */
  private record Entry(long time, long subkey) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compareUnsigned(subkey, other.subkey);
    }
  }

  private record Reader(long version, List<TreeMap<Entry, Integer>> keys) {}

  private final MemoryAccount pool = new MemoryAccount(new BufferPool(256 << 20));
  private final PendingRow row = new PendingRow();
  private final WriteMoment moment = new WriteMoment();
  private final List<Reader> open = new ArrayList<>();
  private final List<TreeMap<Entry, Integer>> model = new ArrayList<>();
  private MemtableWindow window =
      new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY, pool, null);
  private boolean readerCame;
  private boolean multimap;
  private boolean forgetsTimes;
  private long arrivals;

  @AfterEach
  void giveBack() {
    window.free();
    assertThat(pool.allocatedBytes()).isEqualTo(pool.pooledBytes());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aMapIsReadAsItWasAtEachVersion(int seed) {
    run(new SplittableRandom(seed));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aTimeIndexedMapIsReadAsItWasAtEachVersion(int seed) {
    window.free();
    window = new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
    run(new SplittableRandom(100 + seed));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aMultimapIsReadAsItWasAtEachVersion(int seed) {
    multimap = true;
    run(new SplittableRandom(200 + seed));
  }

  /** As when memory is short: other readers may still be using the index. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aWindowThatGivesItsTimeIndexUp_isReadAsItWasAtEachVersion(int seed) {
    window.free();
    window = new MemtableWindow(0, LAST, 0, KeyGroups.NONE, WindowIndex.KEY_AND_TIME, pool, null);
    forgetsTimes = true;
    run(new SplittableRandom(300 + seed));
    assertThat(window.findsByTime()).isFalse();
  }

  private void run(SplittableRandom random) {
    int keys = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
    int maxBytes = new int[] {1, 30, 300, 3_000}[random.nextInt(4)];
    int subkeys = new int[] {1, 4, 5_000}[random.nextInt(3)];
    int times = new int[] {1, 10, 1_000}[random.nextInt(3)];
    int maxReaders = random.nextInt(5);
    int readerEvery = new int[] {1, 10, 300}[random.nextInt(3)];
    int tidyEvery = new int[] {0, 10, 100}[random.nextInt(3)];
    boolean growing = random.nextBoolean();
    for (int i = 0; i < keys; i++) {
      model.add(new TreeMap<>());
    }
    for (int i = 0; i < 12_000; i++) {
      write(random, random.nextInt(keys), maxBytes, subkeys, times, growing);
      if (tidyEvery > 0 && random.nextInt(tidyEvery) == 0) {
        begin();
        window.tidy(moment, 1 + random.nextInt(100));
      }
      if (forgetsTimes && i == 4_000) {
        begin();
        window.forgetTimes(moment);
      }
      if (maxReaders > 0 && random.nextInt(readerEvery) == 0) {
        open();
      }
      while (open.size() > maxReaders) {
        Reader closed = open.remove(random.nextInt(8) == 0 ? 0 : random.nextInt(open.size()));
        if (random.nextInt(readerEvery == 1 ? 100 : 1 + 30 / readerEvery) == 0) {
          check(closed, random);
        }
      }
      if (random.nextInt(2_000) == 0) {
        check(new Reader(moment.version(), model), random);
      }
    }
    check(new Reader(moment.version(), model), random);
    open.forEach(reader -> check(reader, random));
    open.clear();
    for (int key = 0; key < keys; key++) {
      begin();
      int removed = window.removeRange(key(key), 0, LAST, moment);
      assertThat(removed).isEqualTo(model.get(key).size());
      model.get(key).clear();
    }
    assertThat(window.rowCount()).isZero();
    assertThat(window.liveRows()).isZero();
    assertThat(window.heldBackBytes()).isZero();
    if (!window.findsByTime()) {
      tidyAll();
      tidyAll();
      assertThat(window.keyCount()).isZero();
      assertThat(window.blockBytes()).isEqualTo(EMPTY_KEY_TABLE_BYTES);
    }
  }

  private void tidyAll() {
    begin();
    boolean more = true;
    while (more) {
      more = window.tidy(moment, 100);
    }
  }

  private void open() {
    List<TreeMap<Entry, Integer>> copy = new ArrayList<>();
    model.forEach(entries -> copy.add(new TreeMap<>(entries)));
    open.add(new Reader(moment.version(), copy));
    readerCame = true;
  }

  private void begin() {
    if (open.isEmpty()) {
      moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
      readerCame = false;
      return;
    }
    long oldest = open.stream().mapToLong(Reader::version).min().orElseThrow();
    if (readerCame) {
      moment.withReaders(oldest, moment.version());
      moment.atVersion(moment.version() + 1);
      readerCame = false;
    } else {
      moment.withReaders(oldest, moment.newestReader());
    }
  }

  private void write(
      SplittableRandom random, int number, int maxBytes, int subkeys, int times, boolean growing) {
    begin();
    Key key = key(number);
    TreeMap<Entry, Integer> entries = model.get(number);
    long time = random.nextInt(times);
    int length = random.nextInt(3) == 0 ? 12 : 12 + random.nextInt(maxBytes);
    int what = random.nextInt(growing ? 40 : 8);
    if (what == 0) {
      long to = random.nextInt(20) == 0 ? LAST : time + random.nextInt(5);
      int before = entries.size();
      entries.subMap(new Entry(time, 0), true, new Entry(to, -1), true).clear();
      assertThat(window.removeRange(key, time, to, moment)).isEqualTo(before - entries.size());
    } else if (what == 1 && random.nextInt(3) == 0) {
      replaceAll(random, number, time, maxBytes, subkeys);
    } else if (multimap) {
      Entry entry = new Entry(time, arrivals++);
      byte[] value = value(entry.subkey, length);
      window.append(key, row.entry(time, value, 0, length), moment);
      entries.put(entry, length);
    } else {
      Entry entry = new Entry(time, random.nextInt(subkeys));
      if (what <= 2) {
        boolean removed =
            window.remove(key, row.pointTombstone(time, Span.of(subkey(entry))), moment);
        assertThat(removed).isEqualTo(entries.remove(entry) != null);
      } else {
        byte[] value = value(entry.subkey, length);
        window.put(key, row.mapEntry(time, Span.of(subkey(entry)), value, 0, length), moment);
        entries.put(entry, length);
      }
    }
  }

  private void replaceAll(
      SplittableRandom random, int number, long time, int maxBytes, int subkeys) {
    TreeMap<Entry, Integer> entries = model.get(number);
    entries.subMap(new Entry(time, 0), true, new Entry(time, -1), true).clear();
    int most = random.nextInt(4) > 0 ? 5 : random.nextInt(10) > 0 ? 50 : 1_000;
    boolean alike = random.nextBoolean();
    Rows batch = new Rows(time);
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      Entry entry = new Entry(time, multimap ? arrivals++ : random.nextInt(subkeys));
      int length = alike ? 12 : 12 + random.nextInt(maxBytes);
      batch.add(multimap ? new byte[0] : subkey(entry), value(entry.subkey, length));
      entries.put(entry, length);
    }
    window.replaceAll(multimap ? Rule.MULTIMAP : Rule.MAP, key(number), null, batch, moment);
  }

  private void check(Reader reader, SplittableRandom random) {
    for (int number = 0; number < reader.keys.size(); number++) {
      TreeMap<Entry, Integer> entries = reader.keys.get(number);
      Key key = key(number);
      compare(window.rows().find(key, reader.version, 0, LAST), entries, false);
      compare(window.rows().find(key, reader.version, 0, LAST, Direction.BACKWARD), entries, true);
      long from = random.nextInt((int) LAST);
      long to = Math.min(LAST, from + random.nextInt(50));
      Map<Entry, Integer> part = entries.subMap(new Entry(from, 0), true, new Entry(to, -1), true);
      compare(window.rows().find(key, reader.version, from, to), part, false);
      compare(window.rows().find(key, reader.version, from, to, Direction.BACKWARD), part, true);
      if (!multimap) {
        int tried = 0;
        for (Map.Entry<Entry, Integer> entry : entries.entrySet()) {
          byte[] subkey = subkey(entry.getKey());
          assertThat(window.rows().get(key, reader.version, entry.getKey().time, Span.of(subkey)))
              .isEqualTo(value(entry.getKey().subkey, entry.getValue()));
          assertThat(
                  window
                      .rows()
                      .findEntry(key, reader.version, entry.getKey().time, Span.of(subkey)))
              .isNotNull();
          Entry absent = new Entry(entry.getKey().time, random.nextInt(6_000));
          if (!entries.containsKey(absent)) {
            assertThat(window.rows().get(key, reader.version, absent.time, Span.of(subkey(absent))))
                .isNull();
            assertThat(
                    window
                        .rows()
                        .findEntry(key, reader.version, absent.time, Span.of(subkey(absent))))
                .isNull();
          }
          if (++tried == 300) {
            break;
          }
        }
      }
    }
    KeyCursor keys = window.rows().keys(reader.version, 0, Integer.MAX_VALUE, 0, LAST);
    int rows = 0;
    while (keys.advance()) {
      RowCursor cursor = keys.rows(0, LAST);
      while (cursor.advance()) {
        rows++;
      }
    }
    assertThat(rows).isEqualTo(reader.keys.stream().mapToInt(TreeMap::size).sum());
  }

  private void compare(RowCursor cursor, Map<Entry, Integer> expected, boolean backward) {
    List<Map.Entry<Entry, Integer>> entries = new ArrayList<>(expected.entrySet());
    if (backward) {
      Collections.reverse(entries);
    }
    for (Map.Entry<Entry, Integer> entry : entries) {
      assertThat(cursor != null && cursor.advance()).as("%s", entry).isTrue();
      assertThat(cursor.timestamp()).isEqualTo(entry.getKey().time);
      int payload = cursor.payloadOffset();
      int end = payload + cursor.payloadLength();
      byte[] value;
      if (multimap) {
        value = new byte[cursor.payloadLength()];
        cursor.payload().get(payload, value);
      } else {
        value = RowFormat.mapValue(cursor.payload(), payload, end);
      }
      if (!Arrays.equals(value, value(entry.getKey().subkey, entry.getValue()))) {
        assertThat(value).isEqualTo(value(entry.getKey().subkey, entry.getValue()));
      }
    }
    assertThat(cursor != null && cursor.advance()).isFalse();
  }

  private static Key key(int number) {
    return Key.of(ByteBuffer.allocate(4).putInt(number).array(), 0);
  }

  private static byte[] subkey(Entry entry) {
    return ByteBuffer.allocate(8).putLong(entry.subkey).array();
  }

  private static byte[] value(long subkey, int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) (31 * subkey + length));
    ByteBuffer.wrap(value).putLong(subkey);
    return value;
  }

  @Test
  void aReaderWhoIsGone_holdsNothingBack() {
    model.add(new TreeMap<>());
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      open();
      write(random, 0, 300, 4, 1, false);
      open.remove(0);
    }
    begin();
    window.remove(key(0), row.pointTombstone(0, Span.of(new byte[1])), moment);

    assertThat(window.heldBackBytes()).isZero();
    assertThat(window.bytes()).isLessThan(32 << 10);
  }
}
