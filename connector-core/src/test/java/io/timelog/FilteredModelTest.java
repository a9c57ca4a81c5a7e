package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations on a table whose entries expire, in a budget that holds some times what is
 * alive: nothing is refused but beside open readers, nothing that is alive is lost, and nothing
 * that was replaced or removed comes back.
 */
final class FilteredModelTest {
  private static final int LIMIT_BYTES = 2 << 20;
  private static final int OPERATIONS = 30_000;
  private static final int KEYS = 40;
  private static final int TIMES = 200;
  private static final int MOST_VALUE_BYTES = 600;

  /** In operations; values live between nothing and this. */
  private static final int TIME_TO_LIVE = 2_000;

  private record Place(int key, long time) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byKey = Integer.compare(key, other.key);
      return byKey != 0 ? byKey : Long.compare(time, other.time);
    }

    byte[] keyBytes() {
      return ByteBuffer.allocate(4).putInt(key).array();
    }
  }

  /** What a value says of itself. */
  private record Version(int number, int lastMoment) {}

  /** The operations on one table, and what it should have. */
  private static final class Run implements AutoCloseable {
    private final boolean map;
    private final SplittableRandom random;
    private final TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(LIMIT_BYTES)).build();
    private final Table table;
    private final Map<Place, List<Version>> expected = new TreeMap<>();
    private int now;

    Run(boolean map, boolean windows, long seed) {
      this.map = map;
      random = new SplittableRandom(seed);
      TableOptions.Builder options = map ? TableOptions.map("t") : TableOptions.multimap("t");
      options.filter(
          (key, timestamp, subkey, value) -> version(value.toByteArray()).lastMoment < now);
      if (windows) {
        options.windowSize(TIMES / 8, 0);
      }
      table = store.createTable(options.build());
    }

    void step() {
      now++;
      Place place = new Place(random.nextInt(KEYS), random.nextInt(TIMES));
      // A flush filters, too: so few of them that most memory is found by relief. What it seals
      // stays
      // as it is until there is room for a copy of what is alive.
      int what = random.nextInt(10_000);
      if (what < 9_000) {
        write(place);
      } else if (what < 9_988) {
        remove(place);
      } else if (what < 9_989 && hasRoom()) {
        store.flush();
      } else if (what < 9_990 && hasRoom()) {
        store.compact();
      } else if (what < 9_995 && hasRoom()) {
        try (StoreExport export = store.beginExport()) {
          if (random.nextBoolean()) {
            export.write();
          }
        } catch (MemoryBudgetExceededException refused) {
          requireHeldByReaders(refused);
        }
      } else {
        readSnapshot();
      }
    }

    private boolean hasRoom() {
      return store.stats().budgetUsedBytes() < LIMIT_BYTES / 2;
    }

    private void write(Place place) {
      Version version = new Version(now, now + random.nextInt(TIME_TO_LIVE));
      byte[] value =
          ByteBuffer.allocate(8 + random.nextInt(MOST_VALUE_BYTES))
              .putInt(version.number)
              .putInt(version.lastMoment)
              .array();
      List<Version> versions = expected.computeIfAbsent(place, at -> new ArrayList<>());
      if (map) {
        table.put(place.keyBytes(), place.time, value);
        versions.clear();
      } else {
        table.append(place.keyBytes(), place.time, value);
      }
      versions.add(version);
    }

    private void remove(Place place) {
      if (map) {
        table.remove(place.keyBytes(), place.time);
      } else {
        table.removeRange(place.keyBytes(), TimeRange.at(place.time));
      }
      expected.remove(place);
    }

    /** A reader that is open for some writes. */
    private void readSnapshot() {
      try (Snapshot snapshot = store.snapshot()) {
        int since = now;
        Map<Place, List<Version>> then = copy();
        try {
          for (int i = 0; i < 20; i++) {
            now++;
            write(new Place(random.nextInt(KEYS), random.nextInt(TIMES)));
          }
        } catch (MemoryBudgetExceededException refused) {
          requireHeldByReaders(refused);
        }
        compare(snapshot.table("t"), then, since);
      }
    }

    /** What has expired stays as long as a reader may read it. */
    private static void requireHeldByReaders(MemoryBudgetExceededException refused) {
      assertThat(refused).hasMessageContaining("Open readers hold back memory that would suffice");
    }

    private Map<Place, List<Version>> copy() {
      Map<Place, List<Version>> copy = new TreeMap<>();
      expected.forEach((place, versions) -> copy.put(place, List.copyOf(versions)));
      return copy;
    }

    void compare() {
      compare(table, expected, now);
    }

    /** What had expired may be there or not. */
    private void compare(TableReader reader, Map<Place, List<Version>> wanted, int moment) {
      for (int key = 0; key < KEYS; key++) {
        Map<Place, List<Version>> found = new TreeMap<>();
        byte[] keyBytes = new Place(key, 0).keyBytes();
        try (Cursor cursor = reader.scan(keyBytes, TimeRange.all())) {
          while (cursor.advance()) {
            found
                .computeIfAbsent(new Place(key, cursor.timestamp()), at -> new ArrayList<>())
                .add(version(cursor.value()));
          }
        }
        for (long time = 0; time < TIMES; time++) {
          Place place = new Place(key, time);
          requireSame(
              place,
              found.getOrDefault(place, List.of()),
              wanted.getOrDefault(place, List.of()),
              moment);
        }
      }
    }

    private static void requireSame(
        Place place, List<Version> found, List<Version> wanted, int moment) {
      Iterator<Version> next = found.iterator();
      Version head = next.hasNext() ? next.next() : null;
      for (Version version : wanted) {
        if (version.equals(head)) {
          head = next.hasNext() ? next.next() : null;
        } else {
          assertThat(version.lastMoment).as("%s of %s was lost", version, place).isLessThan(moment);
        }
      }
      assertThat(head).as("came back at %s", place).isNull();
    }

    private static Version version(byte[] value) {
      ByteBuffer bytes = ByteBuffer.wrap(value);
      return new Version(bytes.getInt(), bytes.getInt());
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @ParameterizedTest(name = "map {0}, windows {1}, seed {2}")
  @CsvSource({
    "true, false, 1",
    "true, false, 2",
    "true, true, 3",
    "false, false, 4",
    "false, false, 5",
    "false, true, 6"
  })
  void whatIsAlive_staysAndWhatIsNot_makesRoom(boolean map, boolean windows, long seed) {
    try (Run run = new Run(map, windows, seed)) {
      for (int i = 0; i < OPERATIONS; i++) {
        run.step();
        if (i % 500 == 0) {
          run.compare();
        }
      }
      run.compare();
      assertThat(run.table.stats().filteredEntries()).isGreaterThan(OPERATIONS / 8);
    }
  }
}
