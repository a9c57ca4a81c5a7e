package io.timelog.kafka.internal.keyvalue;

import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.NAME;
import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.bytes;
import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.entries;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStoreConfig;
import io.timelog.kafka.TimelogStores;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on our store and on both of Kafka's. Rerun one case with {@code -Dseed=<seed>}.
 */
final class KeyValueStoreModelTest {
  private static final int OPERATIONS = 6_000;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_keepsWhatKafkasInMemoryStoreKeeps(long seed) {
    run(seed, Stores.inMemoryKeyValueStore(NAME), Map.of());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_keepsWhatRocksDbKeeps(long seed) {
    run(seed, Stores.persistentKeyValueStore(NAME), Map.of());
  }

  /** The engine has to move entries from its memtable into segments over and over. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void storeWithLittleMemory_keepsTheSame(long seed) {
    run(
        seed,
        Stores.inMemoryKeyValueStore(NAME),
        Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "600000"));
  }

  private static void run(long seed, KeyValueBytesStoreSupplier model, Map<String, String> config) {
    Random random = new Random(seed);
    int keys = 20 + random.nextInt(1_500);
    try (KeyValueStoreFixture ours =
            new KeyValueStoreFixture(TimelogStores.keyValueStore(NAME), config);
        KeyValueStoreFixture kafkas = new KeyValueStoreFixture(model, Map.of())) {
      for (int i = 0; i < OPERATIONS; i++) {
        String key = key(random, keys);
        String value = "value" + i + "-".repeat(random.nextInt(60));
        switch (random.nextInt(10)) {
          case 0, 1 -> assertThat(ours.delete(key)).isEqualTo(kafkas.delete(key));
          case 2 -> {
            ours.put(key, null);
            kafkas.put(key, null);
          }
          case 3 ->
              assertThat(ours.putIfAbsent(key, value)).isEqualTo(kafkas.putIfAbsent(key, value));
          case 4 -> {
            String other = key(random, keys);
            putAll(ours, key, other, value);
            putAll(kafkas, key, other, value);
          }
          default -> {
            ours.put(key, value);
            kafkas.put(key, value);
          }
        }
        String read = key(random, keys);
        assertThat(ours.get(read)).isEqualTo(kafkas.get(read));
        // In some cases nobody reads in order before much was written.
        if (random.nextInt(50) == 0 && i > (seed % 3) * 1_000) {
          assertSameOrder(random, keys, ours, kafkas);
        }
      }
      assertSameOrder(random, keys, ours, kafkas);
      assertThat(ours.store.approximateNumEntries()).isEqualTo(kafkas.all().size());
    }
  }

  private static void putAll(KeyValueStoreFixture fixture, String key, String other, String value) {
    fixture.store.putAll(
        List.of(
            KeyValue.pair(bytes(key), bytes(value).get()),
            KeyValue.pair(bytes(other), bytes(value + "!").get())));
  }

  private static void assertSameOrder(
      Random random, int keys, KeyValueStoreFixture ours, KeyValueStoreFixture kafkas) {
    String from = random.nextInt(4) == 0 ? null : key(random, keys);
    String to = random.nextInt(4) == 0 ? null : key(random, keys);
    assertThat(ours.range(from, to)).isEqualTo(kafkas.range(from, to));
    assertThat(entries(ours.store.reverseRange(bytes(from), bytes(to))))
        .isEqualTo(entries(kafkas.store.reverseRange(bytes(from), bytes(to))));
    String prefix = key(random, keys).substring(0, 1 + random.nextInt(2));
    assertThat(entries(ours.store.prefixScan(prefix, new StringSerializer())))
        .isEqualTo(entries(kafkas.store.prefixScan(prefix, new StringSerializer())));
    assertThat(ours.all()).isEqualTo(kafkas.all());
    assertThat(entries(ours.store.reverseAll())).isEqualTo(entries(kafkas.store.reverseAll()));
  }

  // Keys of different lengths, some of them the beginning of others.
  private static String key(Random random, int keys) {
    int number = random.nextInt(keys);
    return "k".repeat(1 + number % 3) + number / 7;
  }
}
