package io.timelog.benchmarks.kafka;

import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.Rehearsal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.SessionKeySchema;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.jspecify.annotations.Nullable;

/**
 * Measures the operations of one store, in a JVM of its own: for some seconds with a fifth of the
 * input for the compiler, then with all of it on a new store.
 *
 * <p>Every key and value that is put is an array of its own, as serializers make them: a store that
 * keeps what it is given must not be spared the memory. Of every value that is read the ends are
 * looked at, the least that a deserializer does.
 */
public final class StoreRun {
  private static final long SPAN = StoreKind.RETENTION.toMillis();
  private static final long START = 1_000 * SPAN;
  private static final int VALUE_BYTES = 100;
  private static final int BATCH = 1_000;
  private static final long SESSION_GAP = 60_000;
  private static final long REHEARSAL_NANOS_PER_ROW = 20_000;
  private static final Duration REHEARSAL = Duration.ofSeconds(20);

  /** More than the two stores of a measurement hold. */
  private static final int TOUCHED_BYTES_PER_ROW = 600;

  private final StoreKind kind;
  private final int rows;
  private final int slices;
  private final long patienceNanos;
  private final Bytes[] keys;

  // What is put next; made while the clock does not run.
  private final Bytes[] nextKeys = new Bytes[BATCH];
  private final byte[][] nextValues = new byte[BATCH][];

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<StoreCost> costs = new ArrayList<>();

  /** Of the values that were read, so that reading them is not optimized away. */
  @SuppressWarnings("unused")
  private long ends;

  private StoreRun(StoreKind kind, StoreInput input, int rows) {
    this.kind = kind;
    this.rows = rows;
    this.slices = Math.max(50, rows / 200);
    this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(input.patienceMillis());
    this.keys = new Bytes[input.keys()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(i);
    }
  }

  /** Answers one {@link StoreInput} with {@link StoreCosts}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args,
        StoreInput.class,
        (id, input) -> {
          StoreKind kind = StoreKind.of(id);
          Rehearsal.of(
              end -> measure(kind, input, input.rows() / 5),
              input.rows(),
              REHEARSAL_NANOS_PER_ROW,
              REHEARSAL);
          if (!kind.isRocksDb()) {
            NativeMemory.touch((long) input.rows() * TOUCHED_BYTES_PER_ROW);
          }
          return new StoreCosts(measure(kind, input, input.rows()));
        });
  }

  static List<StoreCost> measure(StoreKind kind, StoreInput input, int rows) {
    StoreRun run = new StoreRun(kind, input, rows);
    TaskHost.run(run::open);
    if (!kind.isBound()) {
      TaskHost.run(run::openForRestore);
    }
    return run.costs;
  }

  private static Bytes key(int number) {
    return Bytes.wrap(
        ByteBuffer.allocate(12).putInt(0x6b657900).putLong(number * 2_654_435_761L).array());
  }

  private static Bytes copyOf(Bytes key) {
    return Bytes.wrap(key.get().clone());
  }

  private void makeNext(int from, int to, IntFunction<Bytes> key) {
    for (int i = from; i < to; i++) {
      nextKeys[i - from] = key.apply(i);
      nextValues[i - from] = new byte[VALUE_BYTES];
    }
  }

  private Bytes anyKey() {
    return keys[random.nextInt(keys.length)];
  }

  private long time(int row) {
    return START + row * SPAN / rows;
  }

  private Runnable open(StateStoreContext context) {
    return switch (kind.shape()) {
      case WINDOW, JOIN -> {
        WindowStore<Bytes, byte[]> store = kind.newWindowStore();
        store.init(context, store);
        yield () -> measureWindow(store);
      }
      case SESSION -> {
        SessionStore<Bytes, byte[]> store = kind.session().get();
        store.init(context, store);
        yield () -> measureSession(store);
      }
      case KEY_VALUE -> {
        KeyValueStore<Bytes, byte[]> store = kind.keyValue().get();
        store.init(context, store);
        yield () -> measureKeyValue(store);
      }
    };
  }

  /** Does an operation as often as asked for, or until patience is over; it returns its rows. */
  private void cost(String operation, int times, IntToLongFunction work) {
    long found = 0;
    int done = 0;
    long start = CpuClock.threadNanos();
    long wallStart = System.nanoTime();
    // The clock is asked seldom: it must not be part of a cheap operation.
    int stretch = 1;
    while (done < times && System.nanoTime() - wallStart < patienceNanos) {
      int end = Math.min(times, done + stretch);
      for (; done < end; done++) {
        found += work.applyAsLong(done);
      }
      stretch = Math.min(1_024, stretch * 2);
    }
    long nanos = CpuClock.threadNanos() - start;
    costs.add(new StoreCost(kind.id(), operation, (double) nanos / done, (double) found / done));
  }

  private <K> long drain(KeyValueIterator<K, byte[]> iterator) {
    long count = 0;
    try (iterator) {
      while (iterator.hasNext()) {
        count += read(iterator.next().value);
      }
    }
    return count;
  }

  /** Looks at a value; 1 if there is one. */
  private long read(byte @Nullable [] value) {
    if (value == null) {
      return 0;
    }
    ends += value[0] + value[value.length - 1];
    return 1;
  }

  private void measureWindow(WindowStore<Bytes, byte[]> store) {
    int[] keyOf = new int[rows];
    fully(
        "put",
        rows,
        row -> {
          keyOf[row] = random.nextInt(keys.length);
          return copyOf(keys[keyOf[row]]);
        },
        (row, key, value) -> {
          store.put(key, value, time(row));
          return 0;
        });
    int reads = Math.max(100, rows / 20);
    if (kind.shape() == StoreKind.Shape.WINDOW) {
      cost(
          "fetch(key, time)",
          reads,
          i -> {
            int row = random.nextInt(rows);
            return read(store.fetch(keys[keyOf[row]], time(row)));
          });
    }
    cost("fetch(key, 60 s)", reads, i -> fetch(store, 60_000));
    cost("fetch(key, 600 s)", reads, i -> fetch(store, 600_000));
    if (kind.isBound()) {
      return;
    }
    cost(
        "fetchAll(1 s)",
        slices,
        i -> {
          long from = START + random.nextLong(SPAN - 1_000);
          return drain(store.fetchAll(from, from + 999));
        });
    cost("all()", 2, i -> drain(store.all()));
  }

  private long fetch(WindowStore<Bytes, byte[]> store, long range) {
    long from = START + random.nextLong(SPAN - range);
    return drain(store.fetch(anyKey(), from, from + range));
  }

  /** A write of a key and a value that no other write is given; returns the rows it found. */
  @FunctionalInterface
  private interface Write {
    long apply(int number, Bytes key, byte[] value);
  }

  /**
   * As {@link #cost}, without an end to patience, as what follows needs all of it, and with the CPU
   * time of all threads beside: what is put has to be sorted and written somewhere.
   */
  private void fully(String operation, int times, IntFunction<Bytes> key, Write write) {
    long found = 0;
    long nanos = 0;
    long othersStart = CpuClock.otherThreadsNanos();
    for (int from = 0; from < times; from += BATCH) {
      int to = Math.min(times, from + BATCH);
      makeNext(from, to, key);
      long start = CpuClock.threadNanos();
      for (int i = from; i < to; i++) {
        found += write.apply(i, nextKeys[i - from], nextValues[i - from]);
      }
      nanos += CpuClock.threadNanos() - start;
    }
    long allNanos = nanos + CpuClock.otherThreadsNanos() - othersStart;
    double rowsFound = (double) found / times;
    costs.add(new StoreCost(kind.id(), operation, (double) nanos / times, rowsFound));
    costs.add(
        new StoreCost(
            kind.id(), operation + ", all threads", (double) allNanos / times, rowsFound));
  }

  private void measureSession(SessionStore<Bytes, byte[]> store) {
    int sessions = rows / 3;
    List<Windowed<Bytes>> merged = new ArrayList<>();
    fully(
        "find, remove, put",
        sessions,
        i -> copyOf(anyKey()),
        (i, key, value) -> {
          long now = START + i * SPAN / sessions;
          long start = now;
          merged.clear();
          try (KeyValueIterator<Windowed<Bytes>, byte[]> found =
              store.findSessions(key, now - SESSION_GAP, now + SESSION_GAP)) {
            while (found.hasNext()) {
              KeyValue<Windowed<Bytes>, byte[]> session = found.next();
              merged.add(session.key);
              start = Math.min(start, session.key.window().start());
            }
          }
          for (Windowed<Bytes> old : merged) {
            store.remove(old);
          }
          store.put(new Windowed<>(key, new SessionWindow(start, now)), value);
          return merged.size();
        });
    if (kind != StoreKind.ROCKSDB_SESSION) {
      cost(
          "findSessions(1 s)",
          slices,
          i -> {
            long from = START + random.nextLong(SPAN / 8);
            return drain(store.findSessions(from, from + 999));
          });
    }
  }

  private void measureKeyValue(KeyValueStore<Bytes, byte[]> store) {
    fully(
        "put",
        rows,
        i -> copyOf(anyKey()),
        (i, key, value) -> {
          store.put(key, value);
          return 0;
        });
    cost("get", rows / 5, i -> read(store.get(anyKey())));
    cost("range, 100 keys", rows / 200, i -> firstHundred(store));
    for (Bytes key : keys) {
      store.delete(key);
    }
    fully(
        "put and delete, as a queue",
        rows,
        StoreRun::queued,
        (i, key, value) -> {
          store.put(key, value);
          if (i >= 1_000) {
            store.delete(queued(i - 1_000));
          }
          return 0;
        });
    cost("head of a queue", slices, i -> head(store));
  }

  private long firstHundred(KeyValueStore<Bytes, byte[]> store) {
    int count = 0;
    try (KeyValueIterator<Bytes, byte[]> all = store.range(anyKey(), null)) {
      while (count < 100 && all.hasNext()) {
        count += (int) read(all.next().value);
      }
    }
    return count;
  }

  private long head(KeyValueStore<Bytes, byte[]> store) {
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      return all.hasNext() ? read(all.next().value) : 0;
    }
  }

  private static Bytes queued(int number) {
    return Bytes.wrap(
        ByteBuffer.allocate(21).putLong(number).put((byte) 1).putInt(7).putLong(3).array());
  }

  private Runnable openForRestore(StateStoreContext context) {
    StateStore store =
        switch (kind.shape()) {
          case WINDOW, JOIN -> kind.newWindowStore();
          case SESSION -> kind.session().get();
          case KEY_VALUE -> kind.keyValue().get();
        };
    RestoreTarget target = new RestoreTarget();
    target.open(store, context);
    return () -> {
      measureRestore(target);
      store.close();
    };
  }

  private void measureRestore(RestoreTarget target) {
    long nanos = 0;
    long othersStart = CpuClock.otherThreadsNanos();
    for (int from = 0; from < rows; from += BATCH) {
      List<ConsumerRecord<byte[], byte[]>> batch = batch(from, Math.min(rows, from + BATCH));
      long start = CpuClock.threadNanos();
      target.restore(batch);
      nanos += CpuClock.threadNanos() - start;
    }
    long allNanos = nanos + CpuClock.otherThreadsNanos() - othersStart;
    costs.add(new StoreCost(kind.id(), "restore, a row", (double) nanos / rows, 0));
    costs.add(new StoreCost(kind.id(), "restore, a row, all threads", (double) allNanos / rows, 0));
  }

  private List<ConsumerRecord<byte[], byte[]>> batch(int from, int to) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(to - from);
    for (int row = from; row < to; row++) {
      batch.add(
          new ConsumerRecord<>(
              "changelog",
              0,
              row,
              time(row),
              TimestampType.CREATE_TIME,
              20,
              VALUE_BYTES,
              changelogKey(row),
              new byte[VALUE_BYTES],
              new RecordHeaders(),
              Optional.empty()));
    }
    return batch;
  }

  private byte[] changelogKey(int row) {
    return switch (kind.shape()) {
      case WINDOW -> WindowKeySchema.toStoreKeyBinary(anyKey(), time(row), 0).get();
      case JOIN -> WindowKeySchema.toStoreKeyBinary(anyKey(), time(row), row + 1).get();
      case SESSION -> SessionKeySchema.toBinary(anyKey(), time(row) - SESSION_GAP, time(row)).get();
      case KEY_VALUE -> anyKey().get();
    };
  }
}
