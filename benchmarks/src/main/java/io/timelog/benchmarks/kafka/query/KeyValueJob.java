package io.timelog.benchmarks.kafka.query;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A table of things that have a hundred rows each: of ten puts one brings a row, one removes the
 * oldest, and eight replace any other. A group is a thing, whose keys follow one another; things do
 * not come in the order of their keys.
 */
final class KeyValueJob extends StoreJob {
  private static final int PUTS_PER_ROW = 10;
  private static final int ROWS_PER_THING = 100;
  private static final int REMOVAL = 1;

  private final KeyValueStore<Bytes, byte[]> store;

  KeyValueJob(KeyValueStore<Bytes, byte[]> store, StateStoreContext context, int entries) {
    super(store, context, entries, PUTS_PER_ROW, ROWS_PER_THING);
    this.store = store;
    store.init(context, store);
  }

  @Override
  Bytes key(long row) {
    return Bytes.wrap(
        ByteBuffer.allocate(12)
            .putLong(row / ROWS_PER_THING * 0x9E37_79B9_7F4A_7C15L)
            .putInt((int) (row % ROWS_PER_THING))
            .array());
  }

  @Override
  long time(long row) {
    return row;
  }

  @Override
  long replaced(int step, long newest, SplittableRandom draws) {
    return step == REMOVAL ? newest - entries() : newest - draws.nextLong(entries());
  }

  @Override
  boolean removes(int step) {
    return step == REMOVAL;
  }

  @Override
  void put(Bytes key, byte @Nullable [] value, long time) {
    store.put(key, value);
  }

  @Override
  byte @Nullable [] askForOne(long row, QueryConfig config) {
    return ask(KeyQuery.<Bytes, byte[]>withKey(key(row)), config);
  }

  @Override
  KeyValueIterator<?, byte[]> askForMany(long group, QueryConfig config) {
    long first = group * ROWS_PER_THING;
    return ask(
        RangeQuery.<Bytes, byte[]>withRange(key(first), key(first + ROWS_PER_THING - 1)), config);
  }
}
