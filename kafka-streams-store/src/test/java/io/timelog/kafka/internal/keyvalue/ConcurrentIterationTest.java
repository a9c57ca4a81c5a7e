package io.timelog.kafka.internal.keyvalue;

import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Readers iterate while a writer uses a store as a queue: every iterator sees the queue as it was
 * between two writes. Rerun one case with {@code -Dseed=<seed>}.
 */
final class ConcurrentIterationTest {
  private static final int READERS = 2;
  private static final int ITERATORS_PER_READER = 150;
  private static final int LENGTH = 200;
  private static final Bytes COUNTER = Bytes.wrap(new byte[] {-1});

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 3) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyIterator_seesOneMomentOfAQueue(long seed) throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try (KeyValueStoreFixture fixture =
        new KeyValueStoreFixture(TimelogStores.keyValueStore(NAME), Map.of())) {
      KeyValueStore<Bytes, byte[]> store = fixture.store;
      for (int i = 0; i < LENGTH; i++) {
        store.put(key(i), value(i));
      }
      store.put(COUNTER, value(0));
      List<Future<?>> reads = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        Random random = new Random(seed * READERS + reader);
        reads.add(readers.submit(() -> read(store, random)));
      }
      // One turn of the queue is three writes, each of which a reader can tell from the others.
      for (int i = 0; !reads.stream().allMatch(Future::isDone); i++) {
        store.put(key(i + LENGTH), value(i + LENGTH));
        store.put(COUNTER, value(i + 1));
        store.delete(key(i));
      }
      for (Future<?> read : reads) {
        read.get(1, TimeUnit.MINUTES);
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private static void read(KeyValueStore<Bytes, byte[]> store, Random random) {
    for (int i = 0; i < ITERATORS_PER_READER; i++) {
      boolean ascending = random.nextBoolean();
      List<Integer> numbers = new ArrayList<>();
      int counter = -1;
      try (KeyValueIterator<Bytes, byte[]> all = ascending ? store.all() : store.reverseAll()) {
        while (all.hasNext()) {
          KeyValue<Bytes, byte[]> entry = all.next();
          int number = ByteBuffer.wrap(entry.value).getInt();
          if (entry.key.equals(COUNTER)) {
            counter = number;
          } else {
            assertThat(entry.key).isEqualTo(key(number));
            numbers.add(ascending ? numbers.size() : 0, number);
          }
        }
      }
      int first = numbers.get(0);
      int last = numbers.get(numbers.size() - 1);
      for (int place = 0; place < numbers.size(); place++) {
        assertThat(numbers.get(place)).isEqualTo(first + place);
      }
      // Complete turns, or one that has put its key, or one that has counted itself, too.
      int puts = last - LENGTH + 1;
      assertThat(List.of(counter, first))
          .isIn(List.of(puts, puts), List.of(puts - 1, puts - 1), List.of(puts, puts - 1));
    }
  }

  @Test
  void entriesThatArePutTogether_areFoundTogether() throws Exception {
    Bytes first = key(1);
    Bytes second = key(2);
    try (KeyValueStoreFixture fixture =
        new KeyValueStoreFixture(TimelogStores.keyValueStore(NAME), Map.of())) {
      KeyValueStore<Bytes, byte[]> store = fixture.store;
      store.putAll(List.of(KeyValue.pair(first, value(0)), KeyValue.pair(second, value(0))));
      Thread writer =
          new Thread(
              () -> {
                for (int i = 1; i < 200_000; i++) {
                  store.putAll(
                      List.of(KeyValue.pair(first, value(i)), KeyValue.pair(second, value(i))));
                }
              });
      writer.start();
      try {
        for (int reads = 0; writer.isAlive(); reads++) {
          int one = number(store.get(first));
          assertThat(number(store.get(second))).isGreaterThanOrEqualTo(one);
          if (reads % 10 == 0) {
            try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
              assertThat(number(all.next().value)).isEqualTo(number(all.next().value));
            }
          }
        }
      } finally {
        writer.join();
      }
    }
  }

  private static int number(byte[] value) {
    return ByteBuffer.wrap(value).getInt();
  }

  private static Bytes key(int number) {
    return Bytes.wrap(ByteBuffer.allocate(13).putLong(number).put((byte) 1).putInt(7).array());
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
