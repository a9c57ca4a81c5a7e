package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations through a {@link TableWriter}, beside a sorted map of Java and beside the forms
 * of the table that take arrays. Rerun one case with {@code -Dseed=<seed>}.
 */
final class TableWriterModelTest {
  private static final int OPERATIONS = 3_000;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 8) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void map_isWhatASortedMapIs(long seed) {
    try (TimelogStore store = store(seed)) {
      new MapRun(seed, store).run();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void multimap_isWhatASortedMapOfListsIs(long seed) {
    try (TimelogStore store = store(seed)) {
      new MultimapRun(seed, store).run();
    }
  }

  private static TimelogStore store(long seed) {
    return TimelogStore.builder()
        .maintenance(seed % 3 == 0 ? Maintenance.BACKGROUND : Maintenance.DISABLED)
        .memtableMaxBytes(seed % 2 == 0 ? 64 << 10 : 16 << 20)
        .sealedMaxRuns(1)
        .busyPolicy(BusyPolicy.FLUSH)
        .build();
  }

  /** What both kinds of table have in common. */
  private abstract static class Run {
    final Random random;
    final TimelogStore store;
    final Table table;
    final Table plain;
    final TableWriter writer;
    final ByteTarget target = new ByteTarget();
    final EntryBatch batch = new EntryBatch();
    final int keys;
    final int times;
    private final long seed;
    private final List<OpenSnapshot> open = new ArrayList<>();

    Run(long seed, TimelogStore store, TableOptions table, TableOptions plain) {
      this.seed = seed;
      this.random = new Random(seed);
      this.store = store;
      this.table = store.createTable(table);
      this.plain = store.createTable(plain);
      this.writer = this.table.writer();
      this.keys = 1 + random.nextInt(6);
      this.times = random.nextBoolean() ? 2 : 200;
    }

    final void run() {
      for (int i = 0; i < OPERATIONS; i++) {
        try {
          step();
          upkeep();
          if (random.nextInt(200) == 0) {
            check();
          }
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed=" + seed + ", operation=" + i, e);
        }
      }
      check();
      open.forEach(OpenSnapshot::close);
    }

    abstract void step();

    abstract List<String> expected(int number, TimeRange range);

    private void check() {
      for (int number = 0; number < keys; number++) {
        byte[] key = key(number);
        TimeRange range = random.nextBoolean() ? TimeRange.all() : TimeRange.since(time());
        List<String> expected = expected(number, range);
        assertThat(scan(plain, key, range)).isEqualTo(expected);
        assertThat(scan(table, key, range)).isEqualTo(expected);
        assertThat(readInBatches(writer::readBatch, key, range)).isEqualTo(expected);
        assertThat(readInBatches(table::readBatch, key, range)).isEqualTo(expected);
        long at = time();
        assertThat(writer.count(Span.of(key), at))
            .isEqualTo(expected(number, TimeRange.at(at)).size());
      }
      for (OpenSnapshot snapshot : open) {
        snapshot.check(this);
      }
    }

    private void upkeep() {
      switch (random.nextInt(400)) {
        case 0 -> store.flush();
        case 1 -> store.compact();
        case 2 -> open.add(new OpenSnapshot(this));
        case 3 -> {
          if (!open.isEmpty()) {
            open.remove(random.nextInt(open.size())).close();
          }
        }
        default -> {}
      }
    }

    /** A span somewhere in a larger array. */
    final Span span(byte[] bytes) {
      int before = random.nextInt(4);
      byte[] larger = new byte[before + bytes.length + random.nextInt(4)];
      random.nextBytes(larger);
      System.arraycopy(bytes, 0, larger, before, bytes.length);
      return Span.of(larger, before, bytes.length);
    }

    static byte[] key(int key) {
      return ("key-" + key).getBytes(UTF_8);
    }

    final byte[] subkey() {
      return random.nextInt(4) == 0
          ? new byte[0]
          : Arrays.copyOf(new byte[] {(byte) random.nextInt(200), 7}, 1 + random.nextInt(2));
    }

    final byte[] value() {
      byte[] value = new byte[random.nextInt(8) == 0 ? random.nextInt(3_000) : random.nextInt(24)];
      random.nextBytes(value);
      return value;
    }

    final long time() {
      return random.nextInt(times);
    }

    /** Everything a key has, in batches of any size. */
    final List<String> readInBatches(Batches from, byte[] key, TimeRange range) {
      List<String> read = new ArrayList<>();
      EntryBatch some = new EntryBatch(1 + random.nextInt(40), 1 + random.nextInt(2_000));
      BatchPosition position = new BatchPosition().begin(range);
      Span span = new Span();
      while (from.read(span(key), position, some) > 0) {
        for (int i = 0; i < some.size(); i++) {
          read.add(
              text(
                  some.timestamp(i),
                  some.subkey(i, span).toByteArray(),
                  some.value(i, span).toByteArray()));
        }
        if (random.nextBoolean()) {
          position =
              new BatchPosition()
                  .begin(range)
                  .moveBehind(
                      position.timestamp(),
                      Span.of(position.subkey(span).toByteArray()),
                      position.entriesPassed());
        }
      }
      assertThat(position.isExhausted()).isTrue();
      return read;
    }

    static String text(long timestamp, byte[] subkey, byte[] value) {
      return timestamp + " " + Arrays.toString(subkey) + " " + Arrays.toString(value);
    }

    static List<String> scan(TableReader from, byte[] key, TimeRange range) {
      List<String> read = new ArrayList<>();
      try (Cursor cursor = from.scan(Span.of(key), range)) {
        while (cursor.advance()) {
          read.add(text(cursor.timestamp(), cursor.subkey(), cursor.value()));
        }
      }
      return read;
    }
  }

  /** A snapshot and what it must show for ever. */
  private static final class OpenSnapshot {
    private final Snapshot snapshot;
    private final TableReader reader;
    private final List<List<String>> expected = new ArrayList<>();

    OpenSnapshot(Run run) {
      snapshot = run.store.snapshot();
      reader = snapshot.table(run.table.name());
      for (int number = 0; number < run.keys; number++) {
        expected.add(run.expected(number, TimeRange.all()));
      }
    }

    void check(Run run) {
      for (int number = 0; number < run.keys; number++) {
        byte[] key = Run.key(number);
        assertThat(run.readInBatches(reader::readBatch, key, TimeRange.all()))
            .isEqualTo(expected.get(number));
        assertThat(Run.scan(reader, key, TimeRange.all())).isEqualTo(expected.get(number));
      }
    }

    void close() {
      snapshot.close();
    }
  }

  /** What can be read in batches. */
  @FunctionalInterface
  private interface Batches {
    int read(Span key, BatchPosition position, EntryBatch into);
  }

  /** Where an entry of a map is. */
  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Place(int key, long timestamp, byte[] subkey) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      if (key != other.key) {
        return Integer.compare(key, other.key);
      }
      return timestamp != other.timestamp
          ? Long.compare(timestamp, other.timestamp)
          : Arrays.compareUnsigned(subkey, other.subkey);
    }

    static Place before(int key, long timestamp) {
      return new Place(key, timestamp, new byte[0]);
    }
  }

  private static final class MapRun extends Run {
    private static final List<Editor.Outcome> OUTCOMES = List.of(Editor.Outcome.values());

    private final TreeMap<Place, byte[]> model = new TreeMap<>();

    MapRun(long seed, TimelogStore store) {
      super(seed, store, options("map", seed), options("plain", seed));
    }

    private static TableOptions options(String name, long seed) {
      TableOptions.Builder options = TableOptions.map(name);
      return seed % 4 == 0 ? options.unbounded().build() : options.windowSize(50, 0).build();
    }

    @Override
    void step() {
      int number = random.nextInt(keys);
      byte[] key = key(number);
      Place place = new Place(number, time(), subkey());
      byte @Nullable [] present = model.get(place);
      long timestamp = place.timestamp;
      byte[] subkey = place.subkey;
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> {
          byte[] value = value();
          assertThat(writer.put(span(key), timestamp, span(subkey), span(value))).isTrue();
          plain.put(key, timestamp, subkey, value);
          model.put(place, value);
        }
        case 3 -> {
          byte[] value = value();
          boolean put = writer.putIfAbsent(span(key), timestamp, span(subkey), span(value));
          assertThat(put).isEqualTo(present == null);
          if (put) {
            plain.put(key, timestamp, subkey, value);
            model.put(place, value);
          }
        }
        case 4 -> {
          writer.remove(span(key), timestamp, span(subkey));
          plain.remove(key, timestamp, subkey);
          model.remove(place);
        }
        case 5 -> {
          boolean taken = writer.removeAndGet(span(key), timestamp, span(subkey), target);
          assertThat(taken ? target.toByteArray() : null).isEqualTo(present);
          assertThat(plain.removeAndGet(key, timestamp, subkey)).isEqualTo(present);
          model.remove(place);
        }
        case 6, 7 -> update(key, place, present);
        case 8 -> {
          TimeRange range = range();
          writer.removeRange(span(key), range);
          plain.removeRange(key, range);
          removeFromModel(number, range);
        }
        case 9 -> {
          writer.removeBefore(span(key), timestamp);
          plain.removeRange(key, TimeRange.until(timestamp));
          removeFromModel(number, TimeRange.until(timestamp));
        }
        case 10 -> replaceAll(number, timestamp);
        default -> {
          assertThat(writer.contains(span(key), timestamp, span(subkey)))
              .isEqualTo(present != null);
          boolean found = writer.get(span(key), timestamp, span(subkey), target);
          assertThat(found ? target.toByteArray() : null).isEqualTo(present);
          found = table.get(span(key), timestamp, span(subkey), target);
          assertThat(found ? target.toByteArray() : null).isEqualTo(present);
        }
      }
    }

    private void update(byte[] key, Place place, byte @Nullable [] present) {
      Editor.Outcome wanted = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
      byte[] value = value();
      Editor.Outcome outcome =
          writer.update(
              span(key),
              place.timestamp,
              span(place.subkey),
              (old, edited) -> {
                assertThat(old == null ? null : old.toByteArray()).isEqualTo(present);
                edited.append(value, 0, value.length);
                return wanted;
              });
      boolean nothing = wanted == Editor.Outcome.REMOVE && present == null;
      assertThat(outcome).isEqualTo(nothing ? Editor.Outcome.KEEP : wanted);
      switch (wanted) {
        case KEEP -> {}
        case PUT -> {
          plain.put(key, place.timestamp, place.subkey, value);
          model.put(place, value);
        }
        case REMOVE -> {
          plain.remove(key, place.timestamp, place.subkey);
          model.remove(place);
        }
      }
    }

    private void replaceAll(int number, long timestamp) {
      batch.clear();
      plain.removeRange(key(number), TimeRange.at(timestamp));
      removeFromModel(number, TimeRange.at(timestamp));
      int count = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(4);
      for (int i = 0; i < count; i++) {
        byte[] subkey = subkey();
        byte[] value = value();
        batch.add(timestamp, span(subkey), span(value));
        plain.put(key(number), timestamp, subkey, value);
        model.put(new Place(number, timestamp, subkey), value);
      }
      writer.replaceAll(span(key(number)), timestamp, batch);
    }

    private TimeRange range() {
      long start = time();
      return TimeRange.of(start, start + random.nextInt(times));
    }

    private void removeFromModel(int number, TimeRange range) {
      if (!range.isEmpty()) {
        model
            .subMap(Place.before(number, range.first()), Place.before(number, range.last() + 1))
            .clear();
      }
    }

    @Override
    List<String> expected(int number, TimeRange range) {
      List<String> expected = new ArrayList<>();
      model.forEach(
          (place, value) -> {
            if (place.key == number && range.contains(place.timestamp)) {
              expected.add(text(place.timestamp, place.subkey, value));
            }
          });
      return expected;
    }
  }

  private static final class MultimapRun extends Run {
    private final List<TreeMap<Long, List<byte[]>>> model = new ArrayList<>();

    MultimapRun(long seed, TimelogStore store) {
      super(seed, store, options("multimap", seed), options("plain", seed));
      for (int i = 0; i < keys; i++) {
        model.add(new TreeMap<>());
      }
    }

    private static TableOptions options(String name, long seed) {
      TableOptions.Builder options = TableOptions.multimap(name);
      return seed % 4 == 0 ? options.unbounded().build() : options.windowSize(50, 0).build();
    }

    @Override
    void step() {
      int number = random.nextInt(keys);
      byte[] key = key(number);
      long timestamp = time();
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> {
          byte[] value = value();
          assertThat(writer.append(span(key), timestamp, span(value))).isTrue();
          plain.append(key, timestamp, value);
          model.get(number).computeIfAbsent(timestamp, at -> new ArrayList<>()).add(value);
        }
        case 4 -> {
          TimeRange range = TimeRange.closed(timestamp, timestamp + random.nextInt(20));
          writer.removeRange(span(key), range);
          plain.removeRange(key, range);
          model.get(number).subMap(range.first(), range.last() + 1).clear();
        }
        case 5 -> {
          writer.removeBefore(span(key), timestamp);
          plain.removeRange(key, TimeRange.until(timestamp));
          model.get(number).headMap(timestamp).clear();
        }
        default -> replaceAll(number, timestamp);
      }
    }

    private void replaceAll(int number, long timestamp) {
      batch.clear();
      List<byte[]> values = new ArrayList<>();
      plain.removeRange(key(number), TimeRange.at(timestamp));
      int count = random.nextInt(8) == 0 ? random.nextInt(300) : random.nextInt(4);
      for (int i = 0; i < count; i++) {
        byte[] value = value();
        batch.add(timestamp, span(value));
        plain.append(key(number), timestamp, value);
        values.add(value);
      }
      boolean were = model.get(number).remove(timestamp) != null;
      if (count > 0) {
        model.get(number).put(timestamp, values);
      }
      boolean changed = writer.replaceAll(span(key(number)), timestamp, batch);
      assertThat(changed || !(were || count > 0)).isTrue();
    }

    @Override
    List<String> expected(int number, TimeRange range) {
      List<String> expected = new ArrayList<>();
      model
          .get(number)
          .forEach(
              (timestamp, values) -> {
                if (range.contains(timestamp)) {
                  values.forEach(value -> expected.add(text(timestamp, new byte[0], value)));
                }
              });
      return expected;
    }
  }
}
