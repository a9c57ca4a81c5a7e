package io.timelog.benchmarks.kafka.query;

import io.timelog.benchmarks.kafka.StoreKind;
import io.timelog.benchmarks.kafka.TaskHost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.Rehearsal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.IsolationLevel;

/**
 * Weighs the puts into one kind of store in this JVM, in all situations in turn: on a store without
 * transactions and on one with them, which are filled and written to alike, so that what they cost
 * can be compared pass by pass.
 */
public final class QueryRun {
  private static final Duration REHEARSAL = Duration.ofSeconds(5);
  private static final long REHEARSAL_NANOS_PER_ENTRY = 5_000;

  /** Stretches that are queried have fewer puts, as there the writer seldom has a processor. */
  private static final int FEWER_WHILE_QUERIED = 8;

  /** More than the two stores hold. */
  private static final int TOUCHED_BYTES_PER_ENTRY = 600;

  private final StoreKind kind;
  private final QueryInput input;
  private final Map<Transactions, Writer> writers = new EnumMap<>(Transactions.class);
  private final Map<Situation, List<Stretch>> stretches = new EnumMap<>(Situation.class);
  private final List<QueryCost> costs = new ArrayList<>();

  private QueryRun(StoreKind kind, QueryInput input) {
    this.kind = kind;
    this.input = input;
  }

  /**
   * What can be queried while it is written to. Kafka's own key-value stores that are left out stop
   * for ever before long: a range query holds the lock of the position and waits for that of the
   * store, a put the other way round (KAFKA-19629, of 4.3 and 4.4). In 4.4 that is the one in
   * memory, before it the one on RocksDB, too.
   */
  public static List<StoreKind> stores() {
    List<StoreKind> stores = new ArrayList<>();
    stores.add(StoreKind.ROCKSDB_WINDOW);
    stores.add(StoreKind.IN_MEMORY_WINDOW);
    stores.add(StoreKind.TIMELOG_WINDOW);
    if (Transactions.known().contains(Transactions.ON)) {
      stores.add(StoreKind.ROCKSDB_KEY_VALUE);
    }
    stores.add(StoreKind.TIMELOG_KEY_VALUE);
    return stores;
  }

  /** Answers one {@link QueryInput} with {@link QueryCosts}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args,
        QueryInput.class,
        (id, input) -> {
          StoreKind kind = StoreKind.of(id);
          Rehearsal.of(
              end -> measure(kind, input.rehearsal()),
              input.entries(),
              REHEARSAL_NANOS_PER_ENTRY,
              REHEARSAL);
          if (!kind.isRocksDb()) {
            NativeMemory.touch((long) input.entries() * TOUCHED_BYTES_PER_ENTRY);
          }
          return measure(kind, input);
        });
  }

  static QueryCosts measure(StoreKind kind, QueryInput input) {
    QueryRun run = new QueryRun(kind, input);
    run.open(input.stores());
    return new QueryCosts(run.costs);
  }

  /** Each store in a task of an application of its own, all at the same time. */
  private void open(List<Transactions> stores) {
    if (stores.isEmpty()) {
      measure();
      return;
    }
    Transactions transactions = stores.get(0);
    TaskHost.run(
        transactions.settings(),
        context -> {
          StoreJob job = StoreJob.open(kind, context, input.entries());
          writers.put(transactions, new Writer(job, transactions));
          return () -> open(stores.subList(1, stores.size()));
        });
  }

  private void measure() {
    long puts = fill();
    List<Situation> order = new ArrayList<>(Situation.of(input.stores()));
    for (int pass = 0; pass < input.passes(); pass++) {
      for (Situation situation : order) {
        stretches.computeIfAbsent(situation, s -> new ArrayList<>()).add(stretch(situation, puts));
      }
      // What comes first in one pass comes last in the next.
      Collections.reverse(order);
    }
    stretches.keySet().forEach(situation -> costs.add(cost(situation)));
  }

  /** Fills all stores, and returns how many puts make an undisturbed stretch. */
  private long fill() {
    double nanos = 0;
    for (Transactions transactions : input.stores()) {
      Writer writer = writer(transactions);
      writer.write(writer.job().entries());
      writer.commit();
      // A store may keep an order only once somebody has asked for it, and at a cost.
      Readers.askOnce(writer.job());
      nanos = Math.max(nanos, writer.write(input.entries() / 20).putNanos());
    }
    return Math.round(TimeUnit.MILLISECONDS.toNanos(input.stretchMillis()) / nanos);
  }

  private record Stretch(Writer.Cost cost, Readers.Answers answers) {}

  private Stretch stretch(Situation situation, long puts) {
    Writer writer = writer(situation.transactions());
    IsolationLevel level = situation.queries();
    if (level == null) {
      return new Stretch(writer.write(puts), Readers.Answers.NONE);
    }
    Readers readers = Readers.start(writer(situation.queriedStore()).job(), level, input.readers());
    long fewer = Math.min(puts / FEWER_WHILE_QUERIED + 1, writer.job().mostPutsWhileQueried());
    Writer.Cost cost = writer.write(fewer);
    return new Stretch(cost, readers.stop());
  }

  private Writer writer(Transactions transactions) {
    return Objects.requireNonNull(writers.get(transactions));
  }

  private QueryCost cost(Situation situation) {
    Held held = situation == Situation.COMMITTING ? held() : Held.NOTHING;
    return new QueryCost(
        kind.id(),
        situation.id(),
        median(situation, stretch -> stretch.cost().putNanos()),
        median(situation, stretch -> stretch.cost().processNanos()),
        median(situation, stretch -> stretch.cost().commitNanos()),
        ofBaseline(situation, stretch -> stretch.cost().putNanos()),
        ofBaseline(situation, stretch -> stretch.cost().processNanos()),
        median(situation, stretch -> stretch.answers().ones()),
        median(situation, stretch -> stretch.answers().manys()),
        held.uncommittedBytes(),
        held.bytes());
  }

  private List<Stretch> stretches(Situation situation) {
    return stretches.getOrDefault(situation, List.of());
  }

  private double median(Situation situation, ToDoubleFunction<Stretch> figure) {
    return Figures.median(stretches(situation), figure);
  }

  /** The median of the ratios of each pass. */
  private double ofBaseline(Situation situation, ToDoubleFunction<Stretch> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int pass = 0; pass < input.passes(); pass++) {
      ratios.add(
          figure.applyAsDouble(stretches(situation).get(pass))
              / figure.applyAsDouble(stretches(situation.baseline()).get(pass)));
    }
    return Figures.median(ratios, Double::doubleValue);
  }

  /**
   * What is held at the moment before a commit.
   *
   * @param bytes beyond what the other store holds after the same puts
   */
  private record Held(long uncommittedBytes, long bytes) {
    static final Held NOTHING = new Held(0, 0);
  }

  private Held held() {
    StoreJob plain = writer(Transactions.OFF).job();
    StoreJob committing = writer(Transactions.ON).job();
    writer(Transactions.ON).writeUntilCommit();
    writer(Transactions.OFF).write(committing.done() - plain.done());
    return new Held(committing.uncommittedBytes(), committing.heldBytes() - plain.heldBytes());
  }
}
