package io.timelog.benchmarks.kafka.query;

import io.timelog.benchmarks.kafka.StoreKind;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * What a stream job puts into a store, and what the answers to queries must be.
 *
 * <p>Rows are numbered in the order in which they come; so many that follow one another are a
 * group, which one query asks for. The first puts fill the store with a row each. From then on each
 * put that brings a row is followed by some that replace one, and as many rows go as come. So the
 * number of a put tells which rows there are, and a reader that knows how many puts were made, or
 * committed, knows of any row not too old that it must be there. A value holds the numbers of its
 * row and its put.
 *
 * <p>One thread writes, any thread may query.
 */
abstract class StoreJob {
  /** Puts that are prepared at a time, while no clock runs. */
  static final int BATCH = 1_000;

  private static final int VALUE_BYTES = 100;
  private static final String METRICS = "timelog-store-metrics";
  private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);

  private final StateStore store;
  private final InternalProcessorContext<?, ?> context;
  private final int entries;
  private final int putsPerRow;
  private final int groupRows;
  private final SplittableRandom random = new SplittableRandom(1);

  // What is put next. A record of its own for each, as the store notes how far it has come in them.
  private final long[] nextRows = new long[BATCH];
  private final Bytes[] nextKeys = new Bytes[BATCH];
  private final byte[] @Nullable [] nextValues = new byte[BATCH][];
  private final ProcessorRecordContext[] nextRecords = new ProcessorRecordContext[BATCH];

  private final AtomicLong done = new AtomicLong();
  private final AtomicLong committing = new AtomicLong();
  private final AtomicLong committed = new AtomicLong();

  /**
   * A job on an open store.
   *
   * @param putsPerRow of which the first brings a row
   * @param groupRows rows of a group
   */
  StoreJob(
      StateStore store, StateStoreContext context, int entries, int putsPerRow, int groupRows) {
    this.store = store;
    this.context = (InternalProcessorContext<?, ?>) context;
    this.entries = entries;
    this.putsPerRow = putsPerRow;
    this.groupRows = groupRows;
  }

  /** Opens a store and takes up work on it. */
  static StoreJob open(StoreKind kind, StateStoreContext context, int entries) {
    return switch (kind.shape()) {
      case WINDOW -> new WindowJob(kind.newWindowStore(), context, entries);
      case KEY_VALUE -> new KeyValueJob(kind.keyValue().get(), context, entries);
      default -> throw new IllegalArgumentException("Nothing to query: store=" + kind.id());
    };
  }

  final int entries() {
    return entries;
  }

  final int groupRows() {
    return groupRows;
  }

  /** How many puts were made. */
  final long done() {
    return done.get();
  }

  /** The key of a row, a new one. */
  abstract Bytes key(long row);

  /** The event time of a row. */
  abstract long time(long row);

  /**
   * Which row is replaced, or goes.
   *
   * @param step what number it is of the puts behind a new row, from 1 on
   * @param newest the newest row
   */
  abstract long replaced(int step, long newest, SplittableRandom draws);

  /** Whether that step makes a row go by hand, because it does not expire. */
  abstract boolean removes(int step);

  abstract void put(Bytes key, byte @Nullable [] value, long time);

  /** Asks for one row; null if there is none. */
  abstract byte @Nullable [] askForOne(long row, QueryConfig config);

  /** Asks for all rows of a group. */
  abstract KeyValueIterator<?, byte[]> askForMany(long group, QueryConfig config);

  /** Makes the next puts, at most {@value #BATCH}. */
  final void prepare(int puts) {
    long first = done.get();
    for (int i = 0; i < puts; i++) {
      long put = first + i;
      int step = put < entries ? 0 : (int) ((put - entries) % putsPerRow);
      long newest = rowsAfter(put + 1) - 1;
      long row = step == 0 ? newest : replaced(step, newest, random);
      nextRows[i] = row;
      nextKeys[i] = key(row);
      nextValues[i] = removes(step) ? null : value(row, put);
      nextRecords[i] = new ProcessorRecordContext(time(row), put, 0, "topic", new RecordHeaders());
    }
  }

  private static byte[] value(long row, long put) {
    return ByteBuffer.allocate(VALUE_BYTES).putLong(row).putLong(put).array();
  }

  /** Makes one of the puts that were prepared. */
  final void put(int prepared) {
    context.setRecordContext(nextRecords[prepared]);
    put(nextKeys[prepared], nextValues[prepared], time(nextRows[prepared]));
    done.lazySet(done.get() + 1);
  }

  /** Commits all puts. */
  final void commit() {
    long puts = done.get();
    committing.set(puts);
    store.commit(Map.of(CHANGELOG, puts));
    committed.set(puts);
  }

  /**
   * Whether so many rows have come since the last commit that some may have gone which readers of
   * what was committed ask for, unless one is made before many more.
   */
  final boolean mustCommit() {
    return rowsAfter(done.get()) - rowsAfter(committed.get()) > entries * 3L / 8;
  }

  /** So many puts that those rows which readers ask for at their beginning do not go meanwhile. */
  final long mostPutsWhileQueried() {
    return (long) entries / 4 * putsPerRow;
  }

  private long rowsAfter(long puts) {
    return puts <= entries ? puts : entries + (puts - entries + putsPerRow - 1) / putsPerRow;
  }

  /** Asks for a row, mostly for a new one, and checks the answer. */
  final void queryOne(SplittableRandom draws, IsolationLevel level, QueryConfig config) {
    long row = recentRow(draws, level);
    byte[] value = askForOne(row, config);
    if (value == null) {
      throw wrong("A row is missing", "row=" + row, level);
    }
    requireRow(value, row, level);
  }

  /** Asks for a group, mostly for a new one, and checks the answer. */
  final void queryMany(SplittableRandom draws, IsolationLevel level, QueryConfig config) {
    // The one before, as that of a row may not be complete.
    long group = recentRow(draws, level) / groupRows - 1;
    long first = group * groupRows;
    int rows = 0;
    long sum = 0;
    try (KeyValueIterator<?, byte[]> found = askForMany(group, config)) {
      while (found.hasNext()) {
        byte[] value = found.next().value;
        long row = row(value);
        if (row / groupRows != group) {
          throw wrong("A row is of another group", "row=" + row + ", group=" + group, level);
        }
        requireRow(value, row, level);
        rows++;
        sum += row - first;
      }
    }
    if (rows != groupRows || sum != (long) groupRows * (groupRows - 1) / 2) {
      throw wrong("A group has other rows", "group=" + group + ", rows=" + rows, level);
    }
  }

  /**
   * One that is there, at most a quarter as old as the oldest. Small ages are as likely as large
   * ones.
   */
  private long recentRow(SplittableRandom draws, IsolationLevel level) {
    AtomicLong readable = level == IsolationLevel.READ_COMMITTED ? committed : done;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(entries / 8);
    return rowsAfter(readable.get()) - 1 - draws.nextLong(1L << draws.nextInt(bits + 1));
  }

  private static long row(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  private void requireRow(byte[] value, long row, IsolationLevel level) {
    long put = ByteBuffer.wrap(value).getLong(Long.BYTES);
    if (value.length != VALUE_BYTES || row(value) != row) {
      throw wrong("A row has the value of another", "row=" + row + ", put=" + put, level);
    }
    if (level == IsolationLevel.READ_COMMITTED && put >= committing.get()) {
      throw wrong("A row was not committed", "row=" + row + ", put=" + put, level);
    }
  }

  private IllegalStateException wrong(String what, String where, IsolationLevel level) {
    return new IllegalStateException(
        what + ": store=" + store.getClass().getSimpleName() + ", level=" + level + ", " + where);
  }

  final <R> R ask(Query<R> query, QueryConfig config) {
    QueryResult<R> result = store.query(query, PositionBound.unbounded(), config);
    if (result.isFailure()) {
      throw new IllegalStateException(
          "A query failed: query=" + query + ", cause=" + result.getFailureMessage());
    }
    return result.getResult();
  }

  /** What the store says that it has written since the last commit. */
  final long uncommittedBytes() {
    return Transactions.uncommittedBytes(store);
  }

  /** What a store of Timelog holds for its rows; nothing for others. */
  final long heldBytes() {
    return context.metrics().metrics().entrySet().stream()
        .filter(metric -> metric.getKey().group().equals(METRICS))
        .filter(
            metric ->
                metric.getKey().name().equals("memtable-bytes")
                    || metric.getKey().name().equals("segment-bytes"))
        .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
        .sum();
  }
}
