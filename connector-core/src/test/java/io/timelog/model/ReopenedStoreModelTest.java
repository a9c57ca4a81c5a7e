package io.timelog.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.PageCodec;
import io.timelog.Span;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store in a directory equals its model, and after it was closed, or its process has died, the
 * model as it was committed last, unless that was forgotten. Every other life compresses what it
 * writes. Rerun one case with {@code -Dseed=<seed>}.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ReopenedStoreModelTest {
  private static final int SEEDS = Integer.getInteger("model.seeds", Workload.ALL.size());
  private static final long FIRST_SEED = Long.getLong("model.firstSeed", 0);
  private static final int OPERATIONS = Integer.getInteger("model.operations", 90_000) / 30;
  private static final int OPERATIONS_PER_COMMIT = 60;
  private static final int COMMITS_PER_LIFE = 8;
  private static final int COMMITS_PER_FORGOTTEN_ONE = 8;
  private static final long ROOMY = 64L << 20;
  private static final long TIGHT = 3L << 20;
  private static final PageCodec CODEC = new DeflateCodec();

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("seedsAndLogs")
  void everyLife_beginsWithTheLastCommit(long seed, CommitLog log) {
    new Lives(seed, log, ROOMY).run(OPERATIONS);
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("seedsAndLogs")
  void everyLife_beginsWithTheLastCommit_alsoIfWritesWereRefused(long seed, CommitLog log) {
    new Lives(seed, log, TIGHT).run(OPERATIONS);
  }

  static Stream<Arguments> seedsAndLogs() {
    String only = System.getProperty("seed");
    LongStream seeds =
        only == null
            ? LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
            : LongStream.of(Long.parseLong(only));
    return seeds
        .boxed()
        .flatMap(seed -> Stream.of(CommitLog.values()).map(log -> Arguments.of(seed, log)));
  }

  /** One store, from one opening to the next. */
  private static final class Lives {
    private static final int COMMITTED = -1;
    private static final int NOTHING = -2;

    private final long seed;
    private final Workload workload;
    private final StoreConfig config;
    private final CommitLog log;
    private final long budgetBytes;
    private final OperationGenerator generator;
    private final ModelStore model;
    private final SplittableRandom random;
    private final String name;
    private RecordingDisk disk = new RecordingDisk();
    private TimelogStore store;
    private int lasting = NOTHING;
    private long lives;
    private long commits;
    private long written;

    Lives(long seed, CommitLog log, long budgetBytes) {
      this.seed = seed;
      this.workload = Workload.of(seed);
      this.config = StoreConfig.of(seed, 1).get(0);
      this.log = log;
      this.budgetBytes = budgetBytes;
      this.generator = new OperationGenerator(seed, workload);
      this.model = new ModelStore(workload);
      this.random = new SplittableRandom(seed);
      this.name = "seed=" + seed + ", workload=" + workload + ", " + config;
      model.openSnapshot(NOTHING);
      store = open();
    }

    private TimelogStore open() {
      TimelogStore.Builder settings =
          TimelogStore.builder()
              .memoryBudget(MemoryBudget.ofBytes(budgetBytes, new PoisoningSource()))
              .memtableMaxBytes(Math.min(config.memtableMaxBytes(), budgetBytes / 4))
              .targetPageBytes(config.targetPageBytes())
              .commitLog(log)
              .logMaxBytes(16 << 10)
              .decompression(CODEC);
      if (lives++ % 2 == seed % 2) {
        settings.compression(CODEC);
      }
      TimelogStore opened = StoresOnDisks.open(disk, settings, Unwatched.observers());
      workload.tables().forEach(spec -> opened.openTable(options(spec)));
      return opened;
    }

    private TableOptions options(TableSpec spec) {
      TableOptions.Builder options =
          spec.rule() == Rule.MULTIMAP
              ? TableOptions.multimap(spec.name())
              : TableOptions.map(spec.name());
      options.lateEntries(spec.lateEntries()).keyGroups(spec.keyGroups());
      Grid wanted = config.windows().grid(spec);
      if (wanted instanceof Grid.One) {
        options.unbounded();
      } else if (wanted instanceof Grid.Fixed fixed) {
        options.windowSize(fixed.size(), fixed.origin());
      }
      return options.build();
    }

    void run(int operations) {
      try {
        for (int i = 0; i < operations; i++) {
          step(generator.next());
          if (random.nextInt(OPERATIONS_PER_COMMIT) == 0) {
            commit();
            // The commit after that one needs room for everything.
            if (budgetBytes == ROOMY && random.nextInt(COMMITS_PER_FORGOTTEN_ONE) == 0) {
              store.forgetCommit();
              lasting = NOTHING;
            }
            if (random.nextInt(COMMITS_PER_LIFE) == 0) {
              reopen();
            }
          }
        }
        commit();
        reopen();
        assertThat(commits).isPositive();
        assertThat(written).isPositive();
      } finally {
        store.close();
      }
    }

    private void step(Operation operation) {
      if (operation instanceof Operation.Write write) {
        try {
          boolean accepted = write(table(write.table()), write);
          assertThat(accepted).as(name).isEqualTo(model.write(write));
          written++;
        } catch (MemoryBudgetExceededException e) {
          assertThat(budgetBytes).as(name).isEqualTo(TIGHT);
        }
      } else if (operation instanceof Operation.DropTable drop) {
        TableSpec spec = workload.tables().get(drop.table());
        store.dropTable(spec.name());
        store.createTable(options(spec));
        model.dropTable(drop.table());
      } else if (operation instanceof Operation.Maintain maintain) {
        maintain(maintain.roll());
      }
    }

    private Table table(int number) {
      return store.table(workload.tables().get(number).name());
    }

    private void maintain(int roll) {
      try {
        switch (config.upkeep().action(roll)) {
          case FLUSH -> store.flush();
          case COMPACT -> store.compact();
          default -> store.maintain();
        }
      } catch (MemoryBudgetExceededException e) {
        assertThat(budgetBytes).as(name).isEqualTo(TIGHT);
      }
    }

    private static boolean write(Table table, Operation.Write write) {
      if (write instanceof Operation.Append append) {
        return table.append(append.key().array(), append.timestamp(), append.value().array());
      }
      if (write instanceof Operation.Put put) {
        return table.put(
            put.key().array(), put.timestamp(), put.subkey().array(), put.value().array());
      }
      if (write instanceof Operation.Replace replace) {
        EntryBatch batch = new EntryBatch();
        for (Operation.Item item : replace.items()) {
          batch.add(
              replace.timestamp(), Span.of(item.subkey().array()), Span.of(item.value().array()));
        }
        Span key = Span.of(replace.key().array());
        return table.writer().replaceAll(key, replace.timestamp(), batch) || batch.isEmpty();
      }
      if (write instanceof Operation.Remove remove) {
        table.remove(remove.key().array(), remove.timestamp(), remove.subkey().array());
      } else if (write instanceof Operation.RemoveRange remove) {
        table.removeRange(remove.key().array(), remove.range());
      } else if (write instanceof Operation.DeleteRange delete) {
        table.deleteRange(delete.range());
      } else if (write instanceof Operation.DeleteBefore delete) {
        table.deleteBefore(delete.cutoff());
      }
      return true;
    }

    private void commit() {
      try {
        store.commit(Long.toString(commits + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      } catch (MemoryBudgetExceededException e) {
        // Only segments need room.
        assertThat(log).as(name).isEqualTo(CommitLog.NONE);
        assertThat(budgetBytes).as(name).isEqualTo(TIGHT);
        return;
      }
      commits++;
      lasting = COMMITTED;
      model.closeSnapshot(COMMITTED);
      model.openSnapshot(COMMITTED);
    }

    /** Ends this life, by the death of the process or not, with something that is not committed. */
    private void reopen() {
      int rest = random.nextInt(4) == 0 ? 0 : random.nextInt(30);
      for (int i = 0; i < rest; i++) {
        step(generator.next());
      }
      compare("before");
      if (random.nextBoolean()) {
        disk = new RecordingDisk(disk.files());
        store.close();
      } else {
        store.close();
        disk = new RecordingDisk(disk.files());
      }
      store = open();
      model.goBackTo(lasting);
      compare("after");
    }

    private void compare(String when) {
      for (int number = 0; number < workload.tables().size(); number++) {
        ModelTable expected = model.table(number);
        Table table = table(number);
        assertThat(table.floor()).as("%s: floor %s", name, when).isEqualTo(expected.floor());
        assertThat(entries(table, workload.tables().get(number).rule()))
            .as("%s: table %s, commits=%s, %s", name, number, commits, when)
            .isEqualTo(entries(expected));
      }
    }

    private static List<String> entries(ModelTable model) {
      return model.scanAll(TimeRange.all()).stream()
          .map(entry -> entry(entry.key(), entry.timestamp(), entry.subkey(), entry.value()))
          .sorted()
          .toList();
    }

    private static List<String> entries(TableReader table, Rule rule) {
      List<String> entries = new ArrayList<>();
      try (Cursor cursor = table.scanAll(TimeRange.all())) {
        while (cursor.advance()) {
          Bytes subkey = rule == Rule.MAP ? Bytes.of(cursor.subkey()) : Bytes.EMPTY;
          entries.add(
              entry(Bytes.of(cursor.key()), cursor.timestamp(), subkey, Bytes.of(cursor.value())));
        }
      }
      entries.sort(null);
      return entries;
    }

    private static String entry(Bytes key, long timestamp, Bytes subkey, Bytes value) {
      return key + "@" + timestamp + "/" + subkey + "=" + value;
    }
  }
}
