package io.timelog.kafka.internal.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.internals.MockStreamsMetrics;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.apache.kafka.streams.state.internals.ThreadCache;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

/** What Kafka's cache makes of our order of iteration. */
final class CachedWindowStoreTest {
  private static final long SEGMENT = 60_000;

  @Test
  void rangeScan_mergesTheCacheWithTheStore_andShowsEachWindowOnce() {
    WindowStore<String, String> store = open(builder().withCachingEnabled());
    store.put("A", "A-old", 10);
    store.put("B", "B-old", 5);
    ((CachedStateStore<?, ?>) store).flushCache();
    store.put("A", "A-new", 10);
    store.put("B", "B-new", 5);

    assertThat(list(store.fetchAll(0L, 100L))).containsExactly("A@10=A-new", "B@5=B-new");
    store.close();
  }

  /**
   * The cache compares key and start as one string of bytes, so the start of a short key meets the
   * rest of a longer one. Here {@code [1] @300} comes behind {@code [1, 0] @5} for the cache, and
   * before it by key.
   */
  @Test
  void keysThatEndInZeros_areMergedInTheOrderOfTheCache() {
    WindowStore<Bytes, String> store = open(bytesBuilder().withCachingEnabled());
    Bytes one = Bytes.wrap(new byte[] {1});
    Bytes oneZero = Bytes.wrap(new byte[] {1, 0});
    store.put(one, "short-old", 300);
    store.put(oneZero, "long-old", 5);
    ((CachedStateStore<?, ?>) store).flushCache();
    store.put(one, "short-new", 300);
    store.put(oneZero, "long-new", 5);

    assertThat(list(store.all()))
        .containsExactly("[1, 0]@5=long-new", "[1]@300=short-new")
        .isEqualTo(list(store.fetchAll(0L, 1_000L)));
    assertThat(list(store.backwardAll())).containsExactly("[1]@300=short-new", "[1, 0]@5=long-new");
    store.close();
  }

  /** Keys of zeros, ones and lengths that differ. Rerun one case with {@code -Dseed=<seed>}. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cachedStore_readsLikeOneWithoutCache_whateverTheKeys(long seed) {
    Random random = new Random(seed);
    WindowStore<Bytes, String> cached = open(bytesBuilder().withCachingEnabled());
    WindowStore<Bytes, String> direct = open(bytesBuilder());
    for (int i = 0; i < 500; i++) {
      byte[] key = new byte[1 + random.nextInt(4)];
      for (int at = 0; at < key.length; at++) {
        key[at] = (byte) random.nextInt(2);
      }
      long start = random.nextLong(2 * SEGMENT);
      cached.put(Bytes.wrap(key), "value" + i, start);
      direct.put(Bytes.wrap(key), "value" + i, start);
      if (random.nextInt(50) == 0) {
        ((CachedStateStore<?, ?>) cached).flushCache();
      }
      if (random.nextInt(20) == 0) {
        long to = random.nextLong(2 * SEGMENT);
        assertThat(list(cached.all())).isEqualTo(list(direct.all()));
        assertThat(list(cached.backwardAll())).isEqualTo(list(direct.backwardAll()));
        assertThat(list(cached.fetchAll(0L, to))).isEqualTo(list(direct.fetchAll(0L, to)));
      }
    }
    cached.close();
    direct.close();
  }

  /**
   * With a segment of a millisecond, which would be the easy way to an order by time, the cache
   * would look 3,600,000 times.
   */
  @Test
  void cachedFetchOfAnHour_looksIntoAFewSegments() {
    ThreadCache cache = Mockito.spy(cache());
    WindowStore<String, String> store =
        open(
            Stores.windowStoreBuilder(
                    TimelogStores.windowStore(
                        "windows", Duration.ofHours(2), Duration.ofMillis(10)),
                    Serdes.String(),
                    Serdes.String())
                .withCachingEnabled(),
            cache);
    long hour = Duration.ofHours(1).toMillis();
    for (long start = 0; start <= hour; start += hour / 10) {
      store.put("A", "value", start);
    }

    assertThat(list(store.fetch("A", "A", 0L, hour))).hasSize(11);

    long looks =
        Mockito.mockingDetails(cache).getInvocations().stream()
            .filter(call -> call.getMethod().getName().equals("range"))
            .count();
    assertThat(looks).isBetween(1L, 10L);
    store.close();
  }

  /**
   * Nothing expires here, because the cache may show what has. Rerun one case with {@code
   * -Dseed=<seed>}.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cachedStore_readsLikeOneWithoutCache(long seed) {
    Random random = new Random(seed);
    WindowStore<String, String> cached = open(builder().withCachingEnabled());
    WindowStore<String, String> direct = open(builder());
    long now = 0;
    long newest = 0;
    for (int i = 0; i < 1_000; i++) {
      now += random.nextInt(800);
      long start = Math.max(0, now - random.nextInt(2 * (int) SEGMENT));
      newest = Math.max(newest, start);
      String key = "key" + random.nextInt(10);
      String value = random.nextInt(10) == 0 ? null : "value" + i;
      cached.put(key, value, start);
      direct.put(key, value, start);
      if (random.nextInt(100) == 0) {
        ((CachedStateStore<?, ?>) cached).flushCache();
      }
      if (random.nextInt(50) == 0) {
        String first = "key" + random.nextInt(10);
        String last = "key" + random.nextInt(10);
        // Kafka's cache fails on ranges that begin before the epoch or after the newest window.
        long from = Math.max(0, newest - random.nextInt(6 * (int) SEGMENT));
        long to = from + random.nextInt(4 * (int) SEGMENT);
        assertThat(cached.fetch(key, start)).isEqualTo(direct.fetch(key, start));
        assertThat(list(cached.all())).isEqualTo(list(direct.all()));
        assertThat(withoutRemoved(cached.backwardAll())).isEqualTo(list(direct.backwardAll()));
        assertThat(list(cached.fetchAll(from, to))).isEqualTo(list(direct.fetchAll(from, to)));
        assertThat(list(cached.fetch(first, last, from, to)))
            .isEqualTo(list(direct.fetch(first, last, from, to)));
        assertThat(withoutRemoved(cached.backwardFetch(first, last, from, to)))
            .isEqualTo(list(direct.backwardFetch(first, last, from, to)));
        assertThat(list(cached.fetch(first, first, from, to)))
            .isEqualTo(list(direct.fetch(first, first, from, to)));
      }
    }
    cached.close();
    direct.close();
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 10) : LongStream.of(seed);
  }

  private static StoreBuilder<WindowStore<String, String>> builder() {
    return Stores.windowStoreBuilder(
        TimelogStores.windowStore("windows", Duration.ofMillis(8 * SEGMENT), Duration.ofMillis(10)),
        Serdes.String(),
        Serdes.String());
  }

  private static StoreBuilder<WindowStore<Bytes, String>> bytesBuilder() {
    return Stores.windowStoreBuilder(
        TimelogStores.windowStore("windows", Duration.ofMillis(8 * SEGMENT), Duration.ofMillis(10)),
        Serdes.Bytes(),
        Serdes.String());
  }

  private static ThreadCache cache() {
    return new ThreadCache(
        new LogContext("cache"), 10 << 20, new MockStreamsMetrics(new Metrics()));
  }

  private static <K> WindowStore<K, String> open(StoreBuilder<WindowStore<K, String>> builder) {
    return open(builder, cache());
  }

  private static <K> WindowStore<K, String> open(
      StoreBuilder<WindowStore<K, String>> builder, ThreadCache cache) {
    InternalMockProcessorContext<?, ?> context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(),
            Serdes.String(),
            Serdes.String(),
            new MockRecordCollector(),
            cache);
    context.setRecordContext(new ProcessorRecordContext(0, 0, 0, "topic", new RecordHeaders()));
    WindowStore<K, String> store = builder.withLoggingDisabled().build();
    store.init(context, store);
    return store;
  }

  // Kafka's cache shows a removed window with a null value when it is read backward.
  private static List<String> withoutRemoved(KeyValueIterator<Windowed<String>, String> iterator) {
    return list(iterator).stream().filter(entry -> !entry.endsWith("=null")).toList();
  }

  private static List<String> list(KeyValueIterator<? extends Windowed<?>, String> iterator) {
    List<String> entries = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<? extends Windowed<?>, String> next = iterator.next();
        Object key = next.key.key();
        entries.add(
            (key instanceof Bytes bytes ? Arrays.toString(bytes.get()) : key)
                + "@"
                + next.key.window().start()
                + "="
                + next.value);
      }
    }
    return entries;
  }
}
