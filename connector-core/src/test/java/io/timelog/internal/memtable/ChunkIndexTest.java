package io.timelog.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of the chunks of one chain, beside a list of them. */
class ChunkIndexTest {
  private static final int CHUNKS = 1_000;

  private final List<Integer> chunks = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private ChunkIndex index = indexOf(0);

  @ParameterizedTest(name = "{0} ticks from chunk to chunk")
  @ValueSource(longs = {0, 1, 10})
  void changesAtAnyChunk_areMadeAtThatChunk(long ticks) {
    index = indexOf(ticks);
    SplittableRandom random = new SplittableRandom(ticks);
    for (int i = 0; i < 20_000; i++) {
      int place = random.nextInt(chunks.size());
      int chunk = chunks.get(place);
      index.seek(chunk, false, times.get(place), null);
      switch (random.nextInt(3)) {
        case 0 -> {
          index.replace(chunk, CHUNKS + i + 1);
          chunks.set(place, CHUNKS + i + 1);
        }
        case 1 -> {
          index.insertAbove(chunk, CHUNKS + i + 1, times.get(place), null);
          chunks.add(place + 1, CHUNKS + i + 1);
          times.add(place + 1, times.get(place));
        }
        default -> {
          if (chunks.size() > 1) {
            index.remove(chunk);
            chunks.remove(place);
            times.remove(place);
          }
        }
      }
      assertThat(index.size()).isEqualTo(chunks.size());
    }

    for (int place = 0; place < chunks.size(); place++) {
      int above = place + 1 < chunks.size() ? chunks.get(place + 1) : 0;
      assertThat(index.above(chunks.get(place))).isEqualTo(above);
      assertThat(index.find(times.get(place)))
          .isEqualTo(chunks.get(times.lastIndexOf(times.get(place))));
    }
  }

  /**
   * A change begins where the look for its row ended, and does not search the leaves for the chunk.
   */
  @ParameterizedTest(name = "{0} chunks")
  @ValueSource(ints = {200, 20_000})
  void lookForTheFirstRowOfAChunk_endsAtTheChunk(int count) {
    for (boolean map : new boolean[] {true, false}) {
      ChunkIndex many = map ? indexOfSubkeys(count) : indexOfTimes(count);
      SplittableRandom random = new SplittableRandom(count);
      int next = count;
      for (int i = 0; i < 2_000; i++) {
        int chunk = 1 + random.nextInt(count);
        byte[] subkey = map ? subkey(2 * chunk) : null;
        long time = map ? 0 : 2L * chunk;
        many.seek(chunk, map, time, subkey);
        assertThat(many.isAt(chunk)).as("look number %d", i).isTrue();

        // Changes elsewhere leave it so.
        if (i % 4 == 0) {
          many.insertAbove(chunk, ++next, time + (map ? 0 : 1), map ? subkey(2 * chunk + 1) : null);
          many.seek(next, map, time + (map ? 0 : 1), map ? subkey(2 * chunk + 1) : null);
          assertThat(many.isAt(next)).isTrue();
          many.remove(next);
        } else if (i % 4 == 1) {
          many.replace(chunk, -chunk);
          assertThat(many.isAt(-chunk)).isTrue();
          many.replace(-chunk, chunk);
        }
      }
    }
  }

  @Test
  void lookForTheRowOfAChunkBetweenOthers_endsAtTheChunk() {
    ChunkIndex many = indexOfTimes(CHUNKS);
    for (int chunk = 1; chunk <= CHUNKS; chunk++) {
      many.seek(false, 2L * chunk + 1, null);

      assertThat(many.isAt(chunk)).isTrue();
    }
  }

  @Test
  void itsBytes_followItsChunks() {
    index = indexOf(1);
    long before = index.bytes();
    for (int place = CHUNKS - 1; place > 0; place--) {
      index.remove(chunks.get(place));
    }

    assertThat(before).isGreaterThan(20L * CHUNKS);
    assertThat(index.bytes()).isLessThan(500);
  }

  private static ChunkIndex indexOfTimes(int count) {
    int[] references = new int[count];
    long[] firsts = new long[count];
    for (int i = 0; i < count; i++) {
      references[i] = i + 1;
      firsts[i] = 2L * (i + 1);
    }
    return new ChunkIndex(0, references, firsts, new byte[count][]);
  }

  private static ChunkIndex indexOfSubkeys(int count) {
    int[] references = new int[count];
    byte[][] subkeys = new byte[count][];
    for (int i = 0; i < count; i++) {
      references[i] = i + 1;
      subkeys[i] = subkey(2 * (i + 1));
    }
    return new ChunkIndex(0, references, new long[count], subkeys);
  }

  private static byte[] subkey(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private ChunkIndex indexOf(long ticks) {
    chunks.clear();
    times.clear();
    int[] references = new int[CHUNKS];
    long[] firsts = new long[CHUNKS];
    for (int i = 0; i < CHUNKS; i++) {
      references[i] = i + 1;
      firsts[i] = i * ticks;
      chunks.add(references[i]);
      times.add(firsts[i]);
    }
    return new ChunkIndex(0, references, firsts, new byte[CHUNKS][]);
  }
}
