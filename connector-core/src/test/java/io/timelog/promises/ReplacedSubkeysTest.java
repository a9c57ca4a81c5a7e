package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Entries come and go at random, with keys, subkeys and values of any length; nothing is refused as
 * long as half of the budget is alive. Rerun with other inputs by {@code -Dseed=<seed>}.
 */
@Timeout(120)
final class ReplacedSubkeysTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final long BUDGET_BYTES = Scale.bytes(8L << 20);

  /** What an entry takes beside its key, subkey and value, generously. */
  private static final int ENTRY_BYTES = 100;

  /** Lengths of keys, subkeys and values: none is longer. */
  private record Lengths(int key, int subkey, int value, int keys) {}

  private static Map<String, Consumer<TableOptions.Builder>> tables() {
    Map<String, Consumer<TableOptions.Builder>> tables = new LinkedHashMap<>();
    tables.put("adaptive windows", options -> {});
    tables.put("one window", TableOptions.Builder::unbounded);
    tables.put("declared windows", options -> options.windowSize(100, 0));
    tables.put("key groups", options -> options.keyGroups(KeyGroups.FIRST_BYTE));
    return tables;
  }

  private static Map<String, Lengths> lengths() {
    Map<String, Lengths> lengths = new LinkedHashMap<>();
    lengths.put("subkeys of any length", new Lengths(8, 600, 30, 40));
    lengths.put("values of any length", new Lengths(8, 8, 3_000, 40));
    lengths.put("keys of any length", new Lengths(2_000, 8, 60, 600));
    lengths.put("a few large entries", new Lengths(8, 8, 90_000, 4));
    return lengths;
  }

  @TestFactory
  Stream<DynamicTest> half_isNeverRefused() {
    return tables().entrySet().stream()
        .flatMap(
            table ->
                lengths().entrySet().stream()
                    .map(
                        each ->
                            DynamicTest.dynamicTest(
                                table.getKey() + ", " + each.getKey(),
                                () -> churn(table.getValue(), each.getValue()))));
  }

  private static void churn(Consumer<TableOptions.Builder> table, Lengths lengths) {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      TableOptions.Builder options = TableOptions.map("t");
      table.accept(options);
      Entries entries = new Entries(store.createTable(options.build()), lengths);
      long written = 0;
      while (written < 2 * BUDGET_BYTES) {
        written += entries.next();
      }
      entries.verify();
    }
  }

  /** Those that live, at most half of the budget. */
  private static final class Entries {
    private static final class Place {
      private final byte[] key;
      private final long timestamp;
      private final byte[] subkey;

      Place(byte[] key, long timestamp, byte[] subkey) {
        this.key = key;
        this.timestamp = timestamp;
        this.subkey = subkey;
      }
    }

    private record Written(Place place, int length, int number) {}

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Table table;
    private final Lengths lengths;
    private final byte[][] keys;
    private final List<Written> alive = new ArrayList<>();
    private long live;
    private int number;

    Entries(Table table, Lengths lengths) {
      this.table = table;
      this.lengths = lengths;
      this.keys = new byte[lengths.keys][];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = Samples.value(i, 8 + random.nextInt(lengths.key));
      }
    }

    /** Makes room, and puts an entry: a new one, or one in the place of another. */
    long next() {
      int length = random.nextInt(lengths.value);
      Place place = null;
      if (!alive.isEmpty() && random.nextInt(3) == 0) {
        place = forget(random.nextInt(alive.size())).place;
      } else {
        place =
            new Place(
                keys[random.nextInt(keys.length)],
                random.nextInt(1_000),
                Samples.value(number, 8 + random.nextInt(lengths.subkey)));
      }
      long bytes = bytes(place, length);
      while (live + bytes > BUDGET_BYTES / 2) {
        Place gone = forget(random.nextInt(alive.size())).place;
        table.remove(gone.key, gone.timestamp, gone.subkey);
      }
      table.put(place.key, place.timestamp, place.subkey, Samples.value(number, length));
      alive.add(new Written(place, length, number++));
      live += bytes;
      return bytes;
    }

    private Written forget(int index) {
      Written last = alive.remove(alive.size() - 1);
      Written gone = index == alive.size() ? last : alive.set(index, last);
      live -= bytes(gone.place, gone.length);
      return gone;
    }

    private static long bytes(Place place, int length) {
      return (long) ENTRY_BYTES + place.key.length + place.subkey.length + length;
    }

    void verify() {
      for (int i = 0; i < alive.size(); i += 1 + alive.size() / 500) {
        Written entry = alive.get(i);
        assertThat(table.get(entry.place.key, entry.place.timestamp, entry.place.subkey))
            .isEqualTo(Samples.value(entry.number, entry.length));
      }
    }
  }
}
