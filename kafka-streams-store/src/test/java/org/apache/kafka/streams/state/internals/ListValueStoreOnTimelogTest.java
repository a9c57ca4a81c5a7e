package org.apache.kafka.streams.state.internals;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The store that the two sides of a left or outer join share is Kafka's list store on ours: used
 * here as a join uses it, at random, beside the same on Kafka's in-memory store. Rerun one case
 * with {@code -Dseed=<seed>}.
 */
class ListValueStoreOnTimelogTest {
  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  private static ListValueStore open(KeyValueBytesStoreSupplier supplier) {
    ListValueStore store = new ListValueStore(supplier.get());
    store.init(
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(), new StreamsConfig(StreamsTestUtils.getStreamsConfig())),
        store);
    return store;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void listsAsAJoinKeepsThem_areTheSame(long seed) {
    Random random = new Random(seed);
    ListValueStore ours = open(TimelogStores.keyValueStore("shared"));
    ListValueStore kafkas = open(Stores.inMemoryKeyValueStore("shared"));
    long now = 1_000;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(3);
      // Sometimes before the epoch, whose timestamps come last in the order of bytes.
      Bytes key = key(now - random.nextInt(1_200), random);
      if (random.nextInt(3) > 0) {
        byte[] value = {(byte) i, (byte) (i >> 8)};
        ours.put(key, value);
        kafkas.put(key, value);
      } else {
        ours.putIfAbsent(key, null);
        kafkas.putIfAbsent(key, null);
      }
      if (i % 500 == 0) {
        emitHead(random.nextInt(300), ours, kafkas);
      }
    }
    assertThat(head(ours, Integer.MAX_VALUE)).isEqualTo(head(kafkas, Integer.MAX_VALUE));
    ours.close();
    kafkas.close();
  }

  private static Bytes key(long timestamp, Random random) {
    return Bytes.wrap(
        ByteBuffer.allocate(10)
            .putLong(timestamp)
            .put((byte) random.nextInt(2))
            .put((byte) random.nextInt(4))
            .array());
  }

  /** Takes entries from the head, each of them deleted when the next one has been read. */
  private static void emitHead(int count, ListValueStore... stores) {
    List<List<String>> emitted = new ArrayList<>();
    for (ListValueStore store : stores) {
      List<String> read = new ArrayList<>();
      try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
        Bytes before = null;
        while (read.size() < count && all.hasNext()) {
          KeyValue<Bytes, byte[]> next = all.next();
          read.add(next.key + "=" + Arrays.toString(next.value));
          if (before != null && !before.equals(next.key)) {
            store.put(before, null);
          }
          before = next.key;
        }
        if (before != null) {
          store.put(before, null);
        }
      }
      emitted.add(read);
    }
    assertThat(emitted.get(0)).isEqualTo(emitted.get(1));
  }

  private static List<String> head(ListValueStore store, int count) {
    List<String> read = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (read.size() < count && all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        read.add(next.key + "=" + Arrays.toString(next.value));
      }
    }
    return read;
  }
}
