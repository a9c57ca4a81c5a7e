package io.timelog.kafka.internal.window;

import static io.timelog.kafka.internal.window.StoreFixture.NAME;
import static io.timelog.kafka.internal.window.StoreFixture.RETENTION;
import static io.timelog.kafka.internal.window.StoreFixture.SEGMENT;
import static io.timelog.kafka.internal.window.StoreFixture.WINDOW_SIZE;
import static io.timelog.kafka.internal.window.StoreFixture.bytes;
import static io.timelog.kafka.internal.window.StoreFixture.starts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on our store and on Kafka's in-memory store, which keeps the same windows to
 * the millisecond and shows them in another order. Rerun one case with {@code -Dseed=<seed>}.
 */
final class WindowStoreModelTest {
  private record Entry(Bytes key, long start, String value) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingLong((Entry entry) -> entry.start() / SEGMENT)
          .thenComparing(Entry::key)
          .thenComparingLong(Entry::start);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 10) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void storeWithoutDuplicates_keepsWhatKafkasStoreKeeps(long seed) {
    try (StoreFixture ours = StoreFixture.replacingDuplicates()) {
      run(seed, ours, false);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void storeWithDuplicates_keepsWhatKafkasStoreKeeps(long seed) {
    try (StoreFixture ours = StoreFixture.retainingDuplicates()) {
      run(seed, ours, true);
    }
  }

  private static WindowStore<Bytes, byte[]> model(boolean retainDuplicates) {
    WindowStore<Bytes, byte[]> model =
        Stores.inMemoryWindowStore(NAME, RETENTION, WINDOW_SIZE, retainDuplicates).get();
    InternalMockProcessorContext<?, ?> context = new InternalMockProcessorContext<>();
    model.init(context, model);
    return model;
  }

  private static void run(long seed, StoreFixture fixture, boolean retainDuplicates) {
    WindowStore<Bytes, byte[]> model = model(retainDuplicates);
    Random random = new Random(seed);
    WindowStore<Bytes, byte[]> store = fixture.store;
    long now = 0;
    for (int i = 0; i < 5_000; i++) {
      now += random.nextInt(1_000);
      Bytes key = key(random);
      long start = Math.max(0, now - random.nextInt((int) RETENTION.toMillis() + 60_000));
      byte[] value = random.nextInt(8) == 0 ? null : ("value" + i).getBytes(UTF_8);
      store.put(key, value, start);
      // Kafka's store in memory moves its time with a null that it skips, its other one doesn't.
      if (value != null || !retainDuplicates) {
        model.put(key, value, start);
      }

      if (random.nextInt(100) == 0) {
        long from = now - random.nextInt(2 * (int) RETENTION.toMillis());
        long to = from + random.nextInt((int) RETENTION.toMillis());
        Bytes first = random.nextInt(4) == 0 ? null : key(random);
        Bytes last = random.nextInt(4) == 0 ? null : key(random);
        assertThat(starts(store.fetch(key, from, to)))
            .isEqualTo(starts(model.fetch(key, from, to)));
        assertThat(starts(store.backwardFetch(key, from, to)))
            .isEqualTo(starts(model.backwardFetch(key, from, to)));
        assertSame(store.fetchAll(from, to), model.fetchAll(from, to));
        assertSame(store.fetch(first, last, from, to), model.fetch(first, last, from, to));
        assertSame(store.all(), model.all());
        assertReverse(store.backwardFetchAll(from, to), store.fetchAll(from, to));
        assertReverse(
            store.backwardFetch(first, last, from, to), store.fetch(first, last, from, to));
        assertReverse(store.backwardAll(), store.all());
      }
    }
    model.close();
  }

  // Keys of different lengths, some of them the beginning of others.
  private static Bytes key(Random random) {
    return bytes("k".repeat(1 + random.nextInt(3)) + random.nextInt(4));
  }

  private static void assertSame(
      KeyValueIterator<Windowed<Bytes>, byte[]> ours,
      KeyValueIterator<Windowed<Bytes>, byte[]> kafkas) {
    List<Entry> expected = entries(kafkas);
    expected.sort(ORDER);
    assertThat(entries(ours)).isEqualTo(expected);
  }

  private static void assertReverse(
      KeyValueIterator<Windowed<Bytes>, byte[]> backward,
      KeyValueIterator<Windowed<Bytes>, byte[]> forward) {
    List<Entry> expected = entries(forward);
    Collections.reverse(expected);
    assertThat(entries(backward)).isEqualTo(expected);
  }

  private static List<Entry> entries(KeyValueIterator<Windowed<Bytes>, byte[]> iterator) {
    List<Entry> entries = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<Windowed<Bytes>, byte[]> next = iterator.next();
        entries.add(
            new Entry(next.key.key(), next.key.window().start(), Arrays.toString(next.value)));
      }
    }
    return entries;
  }
}
