package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.promises.TableShape.Rows;
import io.timelog.promises.TableShape.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The memory of a value that was replaced comes back, whatever its length was: a write is refused
 * only when what lives does not fit. Rerun with other inputs by {@code -Dseed=<seed>}.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ReplacedValuesTest {
  private static final long SEED = Long.getLong("seed", 1);

  /** What a store may hold beside its entries. */
  private static final long CONSTANT_BYTES = 3L << 20;

  /** Key, timestamp, links and lengths of one entry, generously. */
  private static final int ENTRY_BYTES = 100;

  /** Which entries are replaced. */
  enum Targets {
    /** Each key with one entry, all alike. */
    MANY_KEYS,
    /** Nine of ten replacements meet one key. */
    ONE_HOT_KEY,
    /** All entries have one key, and subkeys of their own. */
    ONE_KEY
  }

  /** Maps of all kinds, and lists of some. */
  static Stream<Arguments> inputs() {
    Stream<Arguments> maps =
        inputs(Rows.MAP, Arrays.stream(Lengths.values()), List.of(Targets.values()));
    Stream<Arguments> lists =
        inputs(
            Rows.MULTIMAP,
            Stream.of(
                Lengths.TINY, Lengths.KILOBYTES, Lengths.OF_EVERY_SIZE, Lengths.ONE_BYTE_LONGER),
            List.of(Targets.MANY_KEYS, Targets.ONE_HOT_KEY));
    return Stream.concat(maps, lists);
  }

  private static Stream<Arguments> inputs(
      Rows rows, Stream<Lengths> lengths, List<Targets> targets) {
    return lengths.flatMap(
        length ->
            Arrays.stream(Windows.values())
                .map(windows -> new TableShape(rows, windows))
                .flatMap(shape -> targets.stream().map(each -> Arguments.of(shape, length, each))));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("inputs")
  void halfOfTheBudget_isNeverRefused(TableShape shape, Lengths lengths, Targets targets) {
    long budget = budget(lengths);

    replace(shape, lengths, targets, budget, budget / 2);
  }

  /**
   * A window that is sealed and for whose segment there is no room would keep its garbage for good.
   */
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("inputs")
  void halfOfTheBudget_isNeverRefused_withAThreadThatFlushes(
      TableShape shape, Lengths lengths, Targets targets) {
    MemoryBudget budget = MemoryBudget.ofBytes(budget(lengths));
    TimelogStore.Builder store =
        TimelogStore.builder().memoryBudget(budget).maintenance(Maintenance.BACKGROUND);
    long limit = budget.limitBytes();

    replace(store, shape, lengths, targets, limit / 2, 5 * limit / 2);
    replace(store.memtableMaxBytes(limit / 8), shape, lengths, targets, limit / 2, 5 * limit / 2);
  }

  private static void replace(
      TimelogStore.Builder builder,
      TableShape shape,
      Lengths lengths,
      Targets targets,
      long liveLimit,
      long toWrite) {
    try (TimelogStore store = builder.build()) {
      Table table = store.createTable(shape.options("replaced").build());
      Replacements replacements = new Replacements(table, shape, lengths, targets, liveLimit);
      for (long written = 0; written < toWrite; ) {
        written += replacements.next();
      }
      replacements.verify();
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("inputs")
  void store_holdsTwiceWhatLives(TableShape shape, Lengths lengths, Targets targets) {
    long budget = 2 * budget(lengths);

    replace(shape, lengths, targets, budget, budget / 8);
  }

  private static long budget(Lengths lengths) {
    return Scale.bytes(lengths == Lengths.HUNDREDS_OF_KILOBYTES ? 48L << 20 : 12L << 20);
  }

  private static void replace(
      TableShape shape, Lengths lengths, Targets targets, long budgetBytes, long liveLimit) {
    MemoryBudget budget = MemoryBudget.ofBytes(budgetBytes);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = store.createTable(shape.options("replaced").build());
      Replacements replacements = new Replacements(table, shape, lengths, targets, liveLimit);
      long checkpoint = budgetBytes / 16;
      for (long written = 0; written < 5 * budgetBytes / 2; ) {
        long since = 0;
        while (since < checkpoint) {
          since += replacements.next();
        }
        written += since;
        assertThat(budget.usedBytes())
            .as("bytes held with %d alive after %d", replacements.live, written)
            .isLessThanOrEqualTo(2 * replacements.live + CONSTANT_BYTES);
      }
      replacements.verify();
    }
  }

  /** Replaces entries, and keeps those that live below a limit. */
  private static final class Replacements {
    private static final int LIST_VALUES = 4;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Table table;
    private final TableShape shape;
    private final Lengths lengths;
    private final Targets targets;
    private final long liveLimit;
    private final int[] rounds;
    private final List<int[]> present = new ArrayList<>();
    private int position;
    private long live;

    Replacements(Table table, TableShape shape, Lengths lengths, Targets targets, long liveLimit) {
      this.table = table;
      this.shape = shape;
      this.lengths = lengths;
      this.targets = targets;
      this.liveLimit = liveLimit;
      int values = shape.isMap() ? 1 : LIST_VALUES;
      int entryBytes = values * (lengths.mean() + ENTRY_BYTES);
      rounds = new int[Math.max(2, (int) (liveLimit * 9 / 10 / entryBytes))];
      for (int i = 0; i < rounds.length; i++) {
        present.add(new int[0]);
      }
    }

    /** Replaces one entry or list and returns how many bytes it wrote. */
    long next() {
      int target = target();
      int[] lengthsBefore = present.get(target);
      live -= bytes(lengthsBefore);
      int[] now = new int[shape.isMap() ? 1 : LIST_VALUES];
      for (int i = 0; i < now.length; i++) {
        now[i] = lengths.next(rounds[target], random);
      }
      if (live + bytes(now) > liveLimit) {
        // One that lives is made room for by the one that is replaced.
        Arrays.fill(now, 0);
      }
      write(target, now);
      live += bytes(now);
      present.set(target, now);
      rounds[target]++;
      return bytes(now);
    }

    private int target() {
      if (position < rounds.length) {
        return position++;
      }
      return targets == Targets.ONE_HOT_KEY && random.nextInt(10) > 0
          ? rounds.length / 2
          : random.nextInt(rounds.length);
    }

    private void write(int target, int[] now) {
      if (shape.isMap()) {
        table.put(key(target), timestamp(target), subkey(target), value(target, now[0]));
        return;
      }
      table.removeRange(key(target), TimeRange.at(timestamp(target)));
      for (int length : now) {
        table.append(key(target), timestamp(target), value(target, length));
      }
    }

    /** Every entry that should be there is there, as it was written last. */
    void verify() {
      for (int i = 0; i < position; i++) {
        if (shape.isMap()) {
          assertThat(table.get(key(i), timestamp(i), subkey(i)))
              .isEqualTo(value(i, present.get(i)[0]));
        } else {
          assertThat(table.count(key(i), TimeRange.all())).isEqualTo(LIST_VALUES);
        }
      }
    }

    private byte[] key(int target) {
      return Samples.key(targets == Targets.ONE_KEY ? 7 : target);
    }

    private byte[] subkey(int target) {
      return targets == Targets.ONE_KEY ? Samples.key(target) : new byte[0];
    }

    /** Over eight declared windows. */
    private long timestamp(int target) {
      return 8 * TableShape.WINDOW_TICKS * target / rounds.length;
    }

    private static byte[] value(int target, int length) {
      return Samples.value(target, length);
    }

    private static long bytes(int[] entries) {
      return Arrays.stream(entries).sum() + (long) entries.length * ENTRY_BYTES;
    }
  }
}
