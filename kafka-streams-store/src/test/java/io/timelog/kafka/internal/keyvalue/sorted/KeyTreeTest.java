package io.timelog.kafka.internal.keyvalue.sorted;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compared with a sorted set of the JDK. Rerun one random case with {@code -Dseed=<seed>}. */
final class KeyTreeTest {
  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 8) : LongStream.of(seed);
  }

  private static final byte[] NEVER_THERE = {1, 2, 3, 4, 5};

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void randomChanges_leaveTheSameKeysAsInASet(long seed) {
    Random random = new Random(seed);
    int keySpace = 50 + random.nextInt(20_000);
    KeyTree keys = new KeyTree();
    NavigableSet<byte[]> model = emptyModel();
    for (int phase = 0; phase < 6; phase++) {
      int removals = phase % 2 == 0 ? 2 : 8;
      for (int i = 0; i < 8_000; i++) {
        change(keys, model, key(random.nextInt(keySpace)), random.nextInt(10) < removals);
      }
      assertSame(keys, model, key(random.nextInt(keySpace)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void longKeys_areKeptInOrder(long seed) {
    Random random = new Random(seed);
    KeyTree keys = new KeyTree();
    NavigableSet<byte[]> model = emptyModel();
    for (int i = 0; i < 500; i++) {
      byte[] key = new byte[random.nextInt(random.nextInt(5) == 0 ? 20_000 : 300)];
      random.nextBytes(key);
      change(keys, model, key, false);
    }
    assertSame(keys, model, NEVER_THERE);
    for (byte[] key : new ArrayList<>(model)) {
      if (random.nextInt(4) > 0) {
        change(keys, model, key, true);
      }
    }
    assertSame(keys, model, NEVER_THERE);
  }

  @Test
  void queue_ofAnyLength_keepsItsOrder() {
    KeyTree keys = new KeyTree();
    NavigableSet<byte[]> model = emptyModel();
    for (int i = 0; i < 50_000; i++) {
      change(keys, model, key(i), false);
      if (i >= 5_000) {
        change(keys, model, key(i - 5_000), true);
      }
    }
    assertSame(keys, model, key(46_000));
  }

  @Test
  void everyKeyRemoved_leavesNothing() {
    for (IntFunction<byte[]> order :
        List.<IntFunction<byte[]>>of(KeyTreeTest::key, i -> key(9_999 - i))) {
      KeyTree keys = new KeyTree();
      for (int i = 0; i < 10_000; i++) {
        keys.add(key(i));
      }
      for (int i = 0; i < 10_000; i++) {
        assertThat(keys.remove(order.apply(i))).isTrue();
      }
      assertSame(keys, emptyModel(), key(1));
      assertThat(keys.add(key(1))).isTrue();
      assertThat(ascending(keys.snapshot(), null)).containsExactly(key(1));
    }
  }

  @Test
  void keyThatIsThere_orIsNot_changesNothing() {
    KeyTree keys = new KeyTree();
    assertThat(keys.remove(key(2))).isFalse();
    assertThat(keys.add(key(1))).isTrue();
    assertThat(keys.add(key(3))).isTrue();
    assertThat(keys.add(key(1))).isFalse();
    assertThat(keys.remove(key(2))).isFalse();
    assertThat(keys.size()).isEqualTo(2);
    assertThat(keys.heapBytes())
        .isEqualTo(KeyTree.bytesFor(key(1).length) + KeyTree.bytesFor(key(3).length));
  }

  @Test
  void keys_areOrderedAsUnsignedBytes_shorterFirst() {
    byte[][] inOrder = {
      {},
      {0},
      {0, 0},
      {0, 0, 0, 0, 0, 0, 0, 0},
      {0, 0, 0, 0, 0, 0, 0, 0, 1},
      {0, 0, 0, 0, 0, 0, 0, 1},
      {1},
      {127},
      {127, -1, -1, -1, -1, -1, -1, -1},
      {-128},
      {-128, 0, 0, 0, 0, 0, 0, 0},
      {-1},
      {-1, 0},
      {-1, -1}
    };
    KeyTree keys = new KeyTree();
    for (int i = inOrder.length - 1; i >= 0; i--) {
      keys.add(inOrder[i]);
    }
    assertThat(ascending(keys.snapshot(), null)).containsExactly(inOrder);
  }

  /** Snapshots are opened early and read late, while the writer changes nodes in place. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void snapshots_neverChange(long seed) {
    Random random = new Random(seed);
    int keySpace = 100 + random.nextInt(10_000);
    int changesPerSnapshot = 1 + random.nextInt(random.nextBoolean() ? 5 : 2_000);
    KeyTree keys = new KeyTree();
    NavigableSet<byte[]> model = emptyModel();
    Deque<OpenReads> open = new ArrayDeque<>();
    for (int round = 0; round < 60; round++) {
      int removals = (round / 10) % 2 == 0 ? 3 : 7;
      for (int i = 0; i < changesPerSnapshot; i++) {
        change(keys, model, key(random.nextInt(keySpace)), random.nextInt(10) < removals);
      }
      OpenReads reads = new OpenReads(keys.snapshot(), model, key(random.nextInt(keySpace)));
      reads.step(random.nextInt(50));
      open.add(reads);
      open.forEach(each -> each.step(random.nextInt(3)));
      if (open.size() > 20) {
        open.remove().finish();
      }
    }
    open.forEach(OpenReads::finish);
    assertSame(keys, model, key(random.nextInt(keySpace)));
  }

  /** Cursors over one moment in both directions, from a key and from the end. */
  private static final class OpenReads {
    private final List<KeyCursor> cursors;
    private final List<List<byte[]>> expected;
    private final List<List<byte[]>> read = new ArrayList<>();

    OpenReads(SortedKeys keys, NavigableSet<byte[]> model, byte[] from) {
      assertThat(keys.size()).isEqualTo(model.size());
      cursors =
          List.of(
              keys.ascending(null),
              keys.ascending(from),
              keys.descending(null),
              keys.descending(from));
      expected =
          List.of(
              List.copyOf(model),
              List.copyOf(model.tailSet(from, true)),
              List.copyOf(model.descendingSet()),
              List.copyOf(model.headSet(from, true).descendingSet()));
      cursors.forEach(cursor -> read.add(new ArrayList<>()));
    }

    void step(int keys) {
      for (int i = 0; i < cursors.size(); i++) {
        for (int step = 0; step < keys && cursors.get(i).advance(); step++) {
          read.get(i).add(cursors.get(i).key());
        }
      }
    }

    void finish() {
      step(Integer.MAX_VALUE);
      for (int i = 0; i < cursors.size(); i++) {
        assertThat(read.get(i)).containsExactlyElementsOf(expected.get(i));
      }
    }
  }

  @Test
  void cursorWithoutAKey_saysSo() {
    KeyCursor ended = new KeyTree().snapshot().ascending(null);
    assertThat(ended.advance()).isFalse();
    assertThatThrownBy(ended::key).isInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void builder_makesTheTreeThatAdditionsMake(long seed) {
    Random random = new Random(seed);
    NavigableSet<byte[]> model = emptyModel();
    int count = random.nextInt(12_000);
    for (int i = 0; i < count; i++) {
      model.add(key(random.nextInt(1_000_000)));
    }
    KeyTreeBuilder builder = new KeyTreeBuilder();
    model.forEach(builder::add);
    KeyTree keys = builder.build();
    OpenReads built = new OpenReads(keys.snapshot(), model, key(random.nextInt(1_000_000)));
    assertSame(keys, model, key(random.nextInt(1_000_000)));
    for (int i = 0; i < 5_000; i++) {
      change(keys, model, key(random.nextInt(1_000_000)), false);
      change(keys, model, model.first(), true);
    }
    assertSame(keys, model, key(random.nextInt(1_000_000)));
    built.finish();
  }

  @Test
  void builderWithoutKeys_makesAnEmptyTree() {
    KeyTree keys = new KeyTreeBuilder().build();
    assertSame(keys, emptyModel(), NEVER_THERE);
    assertThat(keys.add(key(1))).isTrue();
  }

  /** Of different lengths, and in the order of their numbers. */
  private static byte[] key(int number) {
    String digits = String.format("%07d", number);
    return (number % 3 == 0 ? digits : digits + "-" + "x".repeat(number % 40)).getBytes(UTF_8);
  }

  private static NavigableSet<byte[]> emptyModel() {
    return new TreeSet<>(Arrays::compareUnsigned);
  }

  private static void change(
      KeyTree keys, NavigableSet<byte[]> model, byte[] key, boolean removal) {
    if (removal) {
      assertThat(keys.remove(key)).isEqualTo(model.remove(key));
    } else {
      assertThat(keys.add(key)).isEqualTo(model.add(key));
    }
  }

  private static void assertSame(KeyTree tree, NavigableSet<byte[]> model, byte[] from) {
    assertThat(tree.size()).isEqualTo(model.size());
    assertThat(tree.heapBytes())
        .isEqualTo(model.stream().mapToLong(key -> KeyTree.bytesFor(key.length)).sum());
    SortedKeys keys = tree.snapshot();
    assertThat(ascending(keys, null)).containsExactlyElementsOf(model);
    assertThat(ascending(keys, from)).containsExactlyElementsOf(model.tailSet(from, true));
    assertThat(descending(keys, null)).containsExactlyElementsOf(model.descendingSet());
    assertThat(descending(keys, from))
        .containsExactlyElementsOf(model.headSet(from, true).descendingSet());
  }

  private static List<byte[]> ascending(SortedKeys keys, byte[] from) {
    return all(keys.ascending(from));
  }

  private static List<byte[]> descending(SortedKeys keys, byte[] from) {
    return all(keys.descending(from));
  }

  private static List<byte[]> all(KeyCursor cursor) {
    List<byte[]> keys = new ArrayList<>();
    while (cursor.advance()) {
      byte[] key = cursor.key();
      assertThat(cursor.compareTo(key)).isZero();
      keys.add(key);
    }
    assertThat(cursor.advance()).isFalse();
    return keys;
  }
}
