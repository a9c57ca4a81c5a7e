package io.timelog.kafka;

import static io.timelog.kafka.AnyStore.CHANGELOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.AnyStore.Kind;
import io.timelog.kafka.AnyStore.Life;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random writes and commits through many lives of a store, which end in order or not. What each
 * life finds is what a store in memory has after the writes up to the offset that was found. Rerun
 * one case with {@code -Dseed=<seed>}.
 */
final class ReopenedStoreModelTest {
  private static final int LIVES = 12;

  @TempDir File directory;

  /** A write, whose offset in the changelog is its place in the history. */
  private record Write(String key, long time, String value) {}

  static Stream<Arguments> cases() {
    Long seed = Long.getLong("seed");
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                (seed == null ? LongStream.rangeClosed(1, 3) : LongStream.of(seed))
                    .mapToObj(each -> Arguments.of(kind, each)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("cases")
  void storeThatCommitsWithTheApplication_hasTheLastCommit(Kind kind, long seed) {
    List<Write> history = new ArrayList<>();
    Random random = new Random(seed);
    int committed = 0;
    for (int life = 0; life < LIVES; life++) {
      try (AnyStore store = kind.open(Life.PERSISTENT, directory, Map.of())) {
        assertThat(found(store)).isEqualTo(committed);
        check(kind, store, history);
        committed = live(store, random, history, committed);
      }
      history.subList(committed, history.size()).clear();
    }
  }

  /** Under exactly-once a commit may be put off, until much has changed or the store is closed. */
  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("cases")
  void storeThatCommitsWithItsTask_hasACommit_andTheLastOneIfItWasClosedInOrder(
      Kind kind, long seed) {
    Map<String, String> exactlyOnce =
        Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    List<Write> history = new ArrayList<>();
    Random random = new Random(seed);
    int first = 0;
    int committed = 0;
    for (int life = 0; life < LIVES; life++) {
      try (AnyStore store = kind.open(Life.PERSISTENT, directory, exactlyOnce)) {
        int found = found(store);
        if (committed == history.size()) {
          assertThat(found).isEqualTo(committed);
        }
        assertThat(found).isBetween(first, committed);
        history.subList(found, history.size()).clear();
        check(kind, store, history);
        first = found;
        committed = live(store, random, history, found);
      }
    }
  }

  private static int found(AnyStore store) {
    Long offset = store.store().committedOffset(CHANGELOG);
    return offset == null ? 0 : Math.toIntExact(offset);
  }

  private void check(Kind kind, AnyStore store, List<Write> history) {
    try (AnyStore model = kind.open(Life.IN_MEMORY, directory, Map.of())) {
      for (int i = 0; i < history.size(); i++) {
        write(model, i, history.get(i));
      }
      assertThat(store.contents()).isEqualTo(model.contents());
      assertThat(store.store().getPosition()).isEqualTo(model.store().getPosition());
    }
  }

  private static void write(AnyStore store, int offset, Write write) {
    store.process(offset);
    store.write(write.key(), write.time(), write.value());
  }

  /** Writes and commits at random; returns how many writes the last commit has. */
  private static int live(AnyStore store, Random random, List<Write> history, int found) {
    int committed = found;
    long now = history.isEmpty() ? 0 : history.get(history.size() - 1).time();
    int writes = random.nextInt(400);
    for (int i = 0; i < writes; i++) {
      now += random.nextInt(10_000);
      String key = AnyStore.KEYS.get(random.nextInt(AnyStore.KEYS.size()));
      // Some come late, and of these some too late.
      long late = random.nextInt(5) == 0 ? random.nextInt(1_200_000) : 0;
      String value = random.nextInt(5) == 0 ? null : "value" + history.size();
      Write write = new Write(key, Math.max(0, now - late), value);
      write(store, history.size(), write);
      history.add(write);
      if (random.nextInt(100) == 0) {
        store.commit(history.size());
        committed = history.size();
      }
    }
    if (random.nextInt(2) == 0) {
      store.commit(history.size());
      committed = history.size();
    }
    return committed;
  }
}
