package io.timelog.benchmarks.kafka.query;

import io.timelog.benchmarks.kafka.StoreKind;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation: each key has a row in each window, which is put and then, on average, replaced
 * once. Rows go when they expire. A group is a window.
 */
final class WindowJob extends StoreJob {
  private static final int WINDOWS = 360;
  private static final long WINDOW_MILLIS = StoreKind.RETENTION.toMillis() / WINDOWS;
  private static final long START = 1_000 * StoreKind.RETENTION.toMillis();

  /** How far the order of the keys is shifted from window to window. */
  private static final int SHIFT = 31;

  private final WindowStore<Bytes, byte[]> store;

  WindowJob(WindowStore<Bytes, byte[]> store, StateStoreContext context, int entries) {
    super(store, context, entries / WINDOWS * WINDOWS, 2, entries / WINDOWS);
    this.store = store;
    store.init(context, store);
  }

  @Override
  Bytes key(long row) {
    long number = (row + row / groupRows() * SHIFT) % groupRows();
    return Bytes.wrap(
        ByteBuffer.allocate(12).putLong(number * 0x9E37_79B9_7F4A_7C15L).putInt(0).array());
  }

  @Override
  long time(long row) {
    return START + row / groupRows() * WINDOW_MILLIS;
  }

  @Override
  long replaced(int step, long newest, SplittableRandom draws) {
    return newest - draws.nextLong(newest % groupRows() + 1);
  }

  @Override
  boolean removes(int step) {
    return false;
  }

  @Override
  void put(Bytes key, byte @Nullable [] value, long time) {
    store.put(key, value, time);
  }

  @Override
  byte @Nullable [] askForOne(long row, QueryConfig config) {
    Instant start = Instant.ofEpochMilli(time(row));
    try (WindowStoreIterator<byte[]> found =
        ask(
            WindowKeyQuery.<Bytes, byte[]>withKeyAndWindowStartRange(key(row), start, start),
            config)) {
      return found.hasNext() ? found.next().value : null;
    }
  }

  @Override
  KeyValueIterator<?, byte[]> askForMany(long group, QueryConfig config) {
    Instant start = Instant.ofEpochMilli(time(group * groupRows()));
    return ask(WindowRangeQuery.<Bytes, byte[]>withWindowStartRange(start, start), config);
  }
}
