package io.timelog.model;

import io.timelog.Cursor;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While one thread writes and another one flushes and compacts, every snapshot shows a prefix of
 * what was written, over all tables at once, and goes on to show it. Rerun one case with {@code
 * -Dtest=SnapshotConsistencyTest -Dseed=<seed>}.
 */
final class SnapshotConsistencyTest {
  private static final int WRITES = Integer.getInteger("model.writes", 150_000);
  private static final int READERS = 2;
  private static final int HELD_SNAPSHOTS = 3;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everySnapshot_isAPrefixOfTheWrites_andStaysSo(long seed) throws Exception {
    WriteHistory history = new WriteHistory(seed, WRITES, seed % 2 == 0 ? 40 : 500);
    MemoryBudget budget = MemoryBudget.ofBytes(256L << 20);
    try (TimelogStore store =
        TimelogStore.builder()
            .memoryBudget(budget)
            .maintenance(Maintenance.BACKGROUND)
            .memtableMaxBytes(64 << 10)
            .targetPageBytes(1_024)
            .sealedMaxRuns(2)
            .build()) {
      Table events = store.createTable(TableOptions.multimap(WriteHistory.EVENTS).build());
      Table latest = store.createTable(TableOptions.map(WriteHistory.LATEST).unbounded().build());
      Progress progress = new Progress();

      run(history, store, events, latest, progress, seed);

      verifyLast(history, store);
    }
  }

  static LongStream seeds() {
    String only = System.getProperty("seed");
    return only == null ? LongStream.range(0, 4) : LongStream.of(Long.parseLong(only));
  }

  private static void run(
      WriteHistory history,
      TimelogStore store,
      Table events,
      Table latest,
      Progress progress,
      long seed)
      throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        SplittableRandom random = new SplittableRandom(31 * seed + i);
        Reader reader = new Reader(history, store, events, progress, random);
        readers.add(executor.submit(reader));
      }
      try {
        write(history, store, events, latest, progress);
      } finally {
        progress.finish();
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("A reader saw what was never written: seed=" + seed, e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static void write(
      WriteHistory history, TimelogStore store, Table events, Table latest, Progress progress) {
    for (int i = 0; i < history.length() && !progress.isFinished(); i++) {
      progress.begin(i);
      history.write(i, events, latest);
      progress.complete(i);
      if (i % 20_000 == 19_999) {
        store.compact();
      }
    }
  }

  private static void verifyLast(WriteHistory history, TimelogStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      PrefixCheck.of(history, snapshot, history.length(), history.length());
    }
  }

  /** How far the writer is. Written by the writer, read by all. */
  private static final class Progress {
    private volatile int begun;
    private volatile int completed;
    private volatile boolean finished;

    void begin(int number) {
      begun = number + 1;
    }

    void complete(int number) {
      completed = number + 1;
    }

    void finish() {
      finished = true;
    }

    boolean isFinished() {
      return finished;
    }
  }

  /** Opens, verifies, holds and closes snapshots until the writer is done. */
  private static final class Reader implements Runnable {
    private final WriteHistory history;
    private final TimelogStore store;
    private final Table events;
    private final Progress progress;
    private final SplittableRandom random;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    Reader(
        WriteHistory history,
        TimelogStore store,
        Table events,
        Progress progress,
        SplittableRandom random) {
      this.history = history;
      this.store = store;
      this.events = events;
      this.progress = progress;
      this.random = random;
    }

    @Override
    public void run() {
      try {
        while (!progress.isFinished()) {
          readSnapshot();
          readLatest();
        }
        while (!held.isEmpty()) {
          release(held.removeFirst());
        }
      } catch (RuntimeException | Error e) {
        // The writer need not go on.
        progress.finish();
        throw e;
      } finally {
        held.forEach(Held::close);
      }
    }

    private void readSnapshot() {
      int atLeast = progress.completed;
      Snapshot snapshot = store.snapshot();
      int atMost = progress.begun;
      Cursor early = snapshot.table(WriteHistory.EVENTS).scanAll(TimeRange.all());
      early.advance();
      held.addLast(new Held(snapshot, early));
      held.getLast().prefix = PrefixCheck.of(history, snapshot, atLeast, atMost).prefix();
      if (held.size() > HELD_SNAPSHOTS) {
        release(held.removeFirst());
      }
    }

    /** A snapshot must look the same after all that was done to the store meanwhile. */
    private void release(Held old) {
      try (old) {
        PrefixCheck check = PrefixCheck.of(history, old.snapshot, old.prefix, old.prefix);
        check.verifyKey(old.snapshot, random.nextInt(history.keyCount()));
        check.verifyByKey(old.snapshot);
        check.verifyRest(old.early);
      }
    }

    /** A cursor that is opened on the table itself sees one moment, too. */
    private void readLatest() {
      int key = random.nextInt(history.keyCount());
      int atLeast = progress.completed;
      try (Cursor cursor = events.scan(history.key(key), TimeRange.all())) {
        int atMost = progress.begun;
        PrefixCheck.verifyKey(history, cursor, key, atLeast, atMost);
      }
    }
  }

  private static final class Held implements AutoCloseable {
    private final Snapshot snapshot;
    private final Cursor early;
    private int prefix;

    Held(Snapshot snapshot, Cursor early) {
      this.snapshot = snapshot;
      this.early = early;
    }

    @Override
    public void close() {
      early.close();
      snapshot.close();
    }
  }
}
