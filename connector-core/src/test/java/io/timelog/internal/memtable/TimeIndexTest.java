package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeIndexTest {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Arena arena = new Arena(new MemoryAccount(new BufferPool(64 << 20)));

  @AfterEach
  void giveBack() {
    arena.close();
  }

  @Test
  void findsNothingWhereNothingIs() {
    TimeIndex index = new TimeIndex(arena, 0, 999);

    assertThat(index.sightings(0, 999, NO_LIMIT)).isEmpty();
    assertThat(index.size()).isZero();
  }

  @Test
  void findsTheNodesOfRandomTimesAsAMapDoes() {
    SplittableRandom random = new SplittableRandom(7);
    TimeIndex index = new TimeIndex(arena, -5_000, 4_999);
    TreeMap<Long, Integer> expected = new TreeMap<>();
    for (int node = 1; node <= 5_000; node++) {
      long time = random.nextLong(-5_000, 5_000);
      if (expected.putIfAbsent(time, node) == null) {
        add(index, node, time);
      }
    }

    for (int i = 0; i < 200; i++) {
      long first = random.nextLong(-5_000, 5_000);
      long last = random.nextLong(first, 5_000);
      assertThat(nodes(index, first, last))
          .containsExactlyInAnyOrder(ints(expected.subMap(first, true, last, true)));
    }
    index.sort();
    assertThat(index.size()).isEqualTo(expected.size());
    assertThat(nodes(index, -100, 100))
        .containsExactlyInAnyOrder(ints(expected.subMap(-100L, true, 100L, true)));
    add(index, 9_999, 3);
    assertThat(nodes(index, 3, 3)).contains(9_999);
  }

  @Test
  void keepsTheOrderOfTimesInBothHalvesOfTheWindow() {
    TimeIndex index = new TimeIndex(arena, 0, (1 << 21) - 1);
    long[] times = {(1 << 21) - 1, 5, 1 << 20, 6, (1 << 20) - 1, 0};
    for (int i = 0; i < times.length; i++) {
      add(index, i + 1, times[i]);
    }

    index.sort();

    assertThat(nodes(index, 0, (1 << 20) - 1)).containsExactlyInAnyOrder(2, 4, 5, 6);
    assertThat(nodes(index, 1 << 20, (1 << 21) - 1)).containsExactlyInAnyOrder(1, 3);
    assertThat(nodes(index, 5, 5)).containsExactly(2);
  }

  @ParameterizedTest(name = "offset {0}")
  @ValueSource(ints = {0, 15, 16, 17, 1_000, 32_767})
  void remembersWhereARowWasWrittenToFifteenBytes(int offset) {
    TimeIndex index = new TimeIndex(arena, 0, 999);
    index.makeRoom();
    index.add(77, 500, offset);

    long sighting = only(index.sightings(500, 500, NO_LIMIT));
    assertThat(Sighting.node(sighting)).isEqualTo(77);
    assertThat(Sighting.offset(sighting)).isBetween(offset - 15, offset);
  }

  @Test
  void takesAnOffsetBeyondItsMeansForTheLargestItKnows() {
    TimeIndex index = new TimeIndex(arena, 0, 999);
    index.makeRoom();
    index.add(77, 500, 1 << 20);

    assertThat(Sighting.offset(only(index.sightings(500, 500, NO_LIMIT)))).isEqualTo(32_752);
  }

  private static int[] ints(java.util.SortedMap<Long, Integer> nodes) {
    return nodes.values().stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void givesUpBeyondTheLimit() {
    TimeIndex index = new TimeIndex(arena, 0, 99_999);
    IntStream.range(1, 1_001).forEach(node -> add(index, node, node));

    assertThat(index.sightings(1, 1_000, 999)).isNull();
    assertThat(index.sightings(1, 1_000, 1_000)).hasSize(1_000);
    assertThat(index.sightings(1, 1, 0)).isNull();
  }

  @Test
  void keepsApartWhatItCanInAWindowOfAllTime() {
    TimeIndex index = new TimeIndex(arena, Long.MIN_VALUE, Long.MAX_VALUE);
    add(index, 1, Long.MIN_VALUE);
    add(index, 2, 0);
    add(index, 3, Long.MAX_VALUE);

    // A time has 21 bits, of 64 here, so what is 2^43 apart or less is one.
    assertThat(nodes(index, Long.MIN_VALUE, -(1L << 44))).containsExactly(1);
    assertThat(nodes(index, -1, 1)).containsExactly(2);
    assertThat(nodes(index, 1L << 44, Long.MAX_VALUE)).containsExactly(3);
  }

  @Test
  void saysWhatTheNextRowMayTake() {
    TimeIndex index = new TimeIndex(arena, 0, 99);
    assertThat(index.bytesForOneMore()).isEqualTo(TimeIndex.bytesForNew());

    index.makeRoom();
    assertThat(index.bytesForOneMore()).isZero();
    index.add(1, 5, 0);
    assertThat(index.bytesForOneMore()).isZero();
  }

  private static void add(TimeIndex index, int node, long time) {
    index.makeRoom();
    index.add(node, time, 0);
  }

  private static long only(long @Nullable [] sightings) {
    assertThat(sightings).hasSize(1);
    return Objects.requireNonNull(sightings)[0];
  }

  private static int[] nodes(TimeIndex index, long from, long to) {
    long[] found = Objects.requireNonNull(index.sightings(from, to, NO_LIMIT));
    return LongStream.of(found).mapToInt(Sighting::node).toArray();
  }
}
