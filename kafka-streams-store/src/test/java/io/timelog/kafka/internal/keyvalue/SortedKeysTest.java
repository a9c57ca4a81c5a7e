package io.timelog.kafka.internal.keyvalue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compared with a sorted set of the JDK. Rerun one random case with {@code -Dseed=<seed>}. */
final class SortedKeysTest {
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
    SortedKeys keys = SortedKeys.empty();
    NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
    for (int phase = 0; phase < 6; phase++) {
      int removals = phase % 2 == 0 ? 2 : 8;
      for (int i = 0; i < 8_000; i++) {
        byte[] key = key(random.nextInt(keySpace));
        if (random.nextInt(10) < removals) {
          keys = keys.without(key);
          model.remove(key);
        } else {
          keys = keys.with(key);
          model.add(key);
        }
      }
      assertSame(keys, model, key(random.nextInt(keySpace)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void longKeys_areKeptInOrder(long seed) {
    Random random = new Random(seed);
    SortedKeys keys = SortedKeys.empty();
    NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
    for (int i = 0; i < 500; i++) {
      byte[] key = new byte[random.nextInt(random.nextInt(5) == 0 ? 20_000 : 300)];
      random.nextBytes(key);
      keys = keys.with(key);
      model.add(key);
    }
    assertSame(keys, model, NEVER_THERE);
    for (byte[] key : new ArrayList<>(model)) {
      if (random.nextInt(4) > 0) {
        keys = keys.without(key);
        model.remove(key);
      }
    }
    assertSame(keys, model, NEVER_THERE);
  }

  @Test
  void queue_ofAnyLength_keepsItsOrder() {
    SortedKeys keys = SortedKeys.empty();
    NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
    for (int i = 0; i < 50_000; i++) {
      keys = keys.with(key(i));
      model.add(key(i));
      if (i >= 5_000) {
        keys = keys.without(key(i - 5_000));
        model.remove(key(i - 5_000));
      }
    }
    assertSame(keys, model, key(46_000));
  }

  @Test
  void everyKeyRemoved_leavesTheEmptySet() {
    for (IntFunction<byte[]> order :
        List.<IntFunction<byte[]>>of(SortedKeysTest::key, i -> key(9_999 - i))) {
      SortedKeys keys = SortedKeys.empty();
      for (int i = 0; i < 10_000; i++) {
        keys = keys.with(key(i));
      }
      for (int i = 0; i < 10_000; i++) {
        keys = keys.without(order.apply(i));
      }
      assertThat(keys.size()).isZero();
      assertThat(keys.ascending(null).advance()).isFalse();
      assertThat(keys.descending(null).advance()).isFalse();
    }
  }

  @Test
  void set_neverChanges() {
    SortedKeys before = SortedKeys.empty();
    for (int i = 0; i < 1_000; i += 2) {
      before = before.with(key(i));
    }
    SortedKeys.Cursor open = before.ascending(null);
    SortedKeys after = before;
    for (int i = 0; i < 1_000; i++) {
      after = i % 2 == 0 ? after.without(key(i)) : after.with(key(i));
    }
    assertThat(before.size()).isEqualTo(500);
    assertThat(after.size()).isEqualTo(500);
    for (int i = 0; i < 1_000; i += 2) {
      assertThat(open.advance()).isTrue();
      assertThat(open.key()).isEqualTo(key(i));
    }
    assertThat(open.advance()).isFalse();
  }

  @Test
  void keyThatIsThere_orIsNot_changesNothing() {
    SortedKeys keys = SortedKeys.empty().with(key(1)).with(key(3));
    assertThat(keys.with(key(1))).isSameAs(keys);
    assertThat(keys.without(key(2))).isSameAs(keys);
    assertThat(SortedKeys.empty().without(key(2))).isSameAs(SortedKeys.empty());
  }

  @Test
  void keys_areOrderedAsUnsignedBytes_shorterFirst() {
    byte[][] inOrder = {{}, {0}, {0, 0}, {1}, {127}, {-128}, {-1}, {-1, 0}, {-1, -1}};
    SortedKeys keys = SortedKeys.empty();
    for (int i = inOrder.length - 1; i >= 0; i--) {
      keys = keys.with(inOrder[i]);
    }
    assertThat(ascending(keys, null)).containsExactly(inOrder);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void builder_makesTheSetThatAdditionsMake(long seed) {
    Random random = new Random(seed);
    NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
    int count = random.nextInt(12_000);
    for (int i = 0; i < count; i++) {
      model.add(key(random.nextInt(1_000_000)));
    }
    SortedKeys.Builder builder = new SortedKeys.Builder();
    model.forEach(builder::add);
    SortedKeys keys = builder.build();
    assertSame(keys, model, key(random.nextInt(1_000_000)));
    for (int i = 0; i < 5_000; i++) {
      byte[] key = key(random.nextInt(1_000_000));
      keys = keys.with(key);
      model.add(key);
      byte[] gone = model.first();
      keys = keys.without(gone);
      model.remove(gone);
    }
    assertSame(keys, model, key(random.nextInt(1_000_000)));
  }

  @Test
  void builderWithoutKeys_makesTheEmptySet() {
    assertThat(new SortedKeys.Builder().build()).isSameAs(SortedKeys.empty());
  }

  /** Of different lengths, and in the order of their numbers. */
  private static byte[] key(int number) {
    String digits = String.format("%07d", number);
    return (number % 3 == 0 ? digits : digits + "-" + "x".repeat(number % 40))
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void assertSame(SortedKeys keys, NavigableSet<byte[]> model, byte[] from) {
    assertThat(keys.size()).isEqualTo(model.size());
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

  private static List<byte[]> all(SortedKeys.Cursor cursor) {
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
